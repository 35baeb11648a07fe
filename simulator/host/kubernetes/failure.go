package kubernetes

import (
	"errors"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil/rpcerror"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/structpb"
)

// explained is an error of a wait that knows the reasons why it did not end well.
type explained interface {
	error
	Reasons() []string
}

// initializationFailed reports an object that exists but is not ready. The engine keeps its state, shows every reason, and
// the next run goes on from there.
func initializationFailed(id string, err error, properties, inputs *structpb.Struct) error {
	reasons := []string{err.Error()}
	var wait explained
	if errors.As(err, &wait) {
		reasons = append(reasons, wait.Reasons()...)
	}
	return rpcerror.WithDetails(rpcerror.New(codes.Unknown, err.Error()), &pulumirpc.ErrorResourceInitFailed{
		Id: id, Properties: properties, Inputs: inputs, Reasons: reasons,
	})
}
