package kubernetes

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Invoke answers yaml:decode, which the SDK's yaml v1 calls. Other functions are refused by name.
func (p *provider) Invoke(_ context.Context, request *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	if token := request.GetTok(); token != "kubernetes:yaml:decode" {
		return nil, fmt.Errorf("the simulator's kubernetes plugin does not answer %q; use helm v4 Chart, yaml v2 or "+
			"kustomize v2, or Pulumi's own plugin", token)
	}
	args, err := unmarshal(request.GetArgs())
	if err != nil {
		return nil, err
	}
	if !args["text"].IsString() {
		return nil, fmt.Errorf("missing required field 'text' of type string")
	}
	objects, err := decode(args["text"].StringValue())
	if err != nil {
		return nil, err
	}
	namespace := ""
	if value := args["defaultNamespace"]; value.IsString() {
		namespace = value.StringValue()
	}
	result, err := p.decoded(objects, namespace)
	return &pulumirpc.InvokeResponse{Return: result}, err
}

func (p *provider) decoded(objects []*unstructured.Unstructured, namespace string) (*structpb.Struct, error) {
	var items []any
	for _, object := range objects {
		if namespaced, known := p.namespaced(objectKind(object), objects...); namespace != "" && object.GetNamespace() == "" && known && namespaced {
			object.SetNamespace(namespace)
		}
		items = append(items, object.Object)
	}
	return marshal(resource.NewPropertyMapFromMap(map[string]any{"result": items}))
}
