package operators

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"
	gotemplate "text/template"

	"github.com/Masterminds/sprig/v3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// externalSpec is what is read of an ExternalSecret.
type externalSpec struct {
	RefreshInterval *metav1.Duration
	SecretStoreRef  storeReference
	Target          struct {
		Name, CreationPolicy, DeletionPolicy string
		Immutable                            bool
		Template                             *template
	}
	Data []struct {
		SecretKey string
		RemoteRef remoteReference
		SourceRef *sourceReference
	}
	DataFrom []struct {
		Extract   *remoteReference
		Find      *struct{ Name *struct{ RegExp string } }
		SourceRef *sourceReference
	}
}

type remoteReference struct{ Key, Property, DecodingStrategy string }

type sourceReference struct {
	StoreRef     *storeReference
	GeneratorRef *struct{ Kind, Name string }
}

// template says how a Secret is made of what was fetched.
type template struct {
	Type, MergePolicy string
	Metadata          struct{ Labels, Annotations map[string]string }
	Data              map[string]string
}

func (s *externalSpec) creationPolicy() string { return orElse(s.Target.CreationPolicy, "Owner") }
func (s *externalSpec) deletionPolicy() string { return orElse(s.Target.DeletionPolicy, "Retain") }

// fetch is what the stores have for every key: externalsecret_controller_secret.go, GetProviderSecretData.
func (s *externalSpec) fetch(ctx context.Context, w *world, namespace string) (map[string][]byte, error) {
	fetched := map[string][]byte{}
	for index, each := range s.DataFrom {
		found, err := s.fetchMany(ctx, w, namespace, index)
		if errors.Is(err, errNoSecret) && s.deletionPolicy() != "Retain" {
			continue
		}
		if err != nil {
			kind := "find"
			if each.Extract != nil {
				kind = "extract"
			}
			return nil, fmt.Errorf("error processing spec.dataFrom[%d].%s, err: %w", index, kind, err)
		}
		maps.Copy(fetched, found)
	}
	for index, each := range s.Data {
		value, err := s.fetchOne(ctx, w, namespace, each.RemoteRef, each.SourceRef)
		if errors.Is(err, errNoSecret) && s.deletionPolicy() != "Retain" {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("error processing spec.data[%d] (key: %s), err: %w", index, each.RemoteRef.Key, err)
		}
		fetched[each.SecretKey] = value
	}
	return fetched, nil
}

func (s *externalSpec) store(w *world, namespace string, source *sourceReference) (*backend, error) {
	wanted := s.SecretStoreRef
	if source != nil && source.GeneratorRef != nil {
		return nil, fmt.Errorf("the simulator has no generators such as %s %q", source.GeneratorRef.Kind, source.GeneratorRef.Name)
	}
	if source != nil && source.StoreRef != nil {
		wanted = *source.StoreRef
	}
	stores, err := storesOf(w, wanted, namespace)
	if err != nil {
		return nil, err
	}
	return backendOf(stores[0])
}

func (s *externalSpec) fetchOne(ctx context.Context, w *world, namespace string, wanted remoteReference, source *sourceReference) ([]byte, error) {
	backend, err := s.store(w, namespace, source)
	if err != nil {
		return nil, err
	}
	value, err := backend.get(ctx, w, wanted.Key, wanted.Property)
	if err != nil {
		return nil, err
	}
	return decoded(wanted.DecodingStrategy, value)
}

func (s *externalSpec) fetchMany(ctx context.Context, w *world, namespace string, index int) (map[string][]byte, error) {
	from := s.DataFrom[index]
	backend, err := s.store(w, namespace, from.SourceRef)
	if err != nil {
		return nil, err
	}
	found := map[string][]byte{}
	switch {
	case from.Extract != nil:
		value, err := backend.get(ctx, w, from.Extract.Key, from.Extract.Property)
		if err != nil {
			return nil, err
		}
		if found, err = propertiesOf(value); err != nil {
			return nil, err
		}
		for key := range found {
			if found[key], err = decoded(from.Extract.DecodingStrategy, found[key]); err != nil {
				return nil, err
			}
		}
	case from.Find != nil && from.Find.Name != nil:
		pattern, err := regexp.Compile(from.Find.Name.RegExp)
		if err != nil {
			return nil, err
		}
		entries, err := backend.entries(ctx, w)
		if err != nil {
			return nil, err
		}
		for key, value := range entries {
			if name, ours := strings.CutPrefix(key, backend.prefix); ours && pattern.MatchString(name) {
				found[name] = value
			}
		}
	default:
		return nil, errors.New("the simulator extracts one entry, or finds entries by name, only")
	}
	return found, nil
}

// decoded undoes an encoding; Auto tries, and leaves what is not encoded.
func decoded(strategy string, value []byte) ([]byte, error) {
	codings := map[string][]*base64.Encoding{
		"Base64": {base64.StdEncoding}, "Base64URL": {base64.URLEncoding}, "Auto": {base64.StdEncoding, base64.URLEncoding},
	}
	for _, coding := range codings[strategy] {
		result, err := coding.DecodeString(string(value))
		if err == nil {
			return result, nil
		}
		if strategy != "Auto" {
			return nil, fmt.Errorf("unable to decode with strategy %s", strategy)
		}
	}
	return value, nil
}

// secret is the Secret that is made of what was fetched: externalsecret_controller_template.go.
func (s *externalSpec) secret(object, before *unstructured.Unstructured, fetched map[string][]byte) (*unstructured.Unstructured, error) {
	data, kind := fetched, "Opaque"
	labels, annotations := map[string]string{}, map[string]string{}
	if given := s.Target.Template; given != nil {
		maps.Copy(labels, given.Metadata.Labels)
		maps.Copy(annotations, given.Metadata.Annotations)
		kind = orElse(given.Type, kind)
		if len(given.Data) > 0 {
			rendered, err := given.render(fetched)
			if err != nil {
				return nil, err
			}
			if given.MergePolicy == "Merge" {
				rendered = mergedData(fetched, rendered)
			}
			data = rendered
		}
	} else {
		maps.Copy(labels, object.GetLabels())
		maps.Copy(annotations, object.GetAnnotations())
		delete(annotations, "kubectl.kubernetes.io/last-applied-configuration")
	}
	if before != nil {
		kind, _, _ = unstructured.NestedString(before.Object, "type") // nobody can change it
	}
	labels[managedSecretLabel] = "true"
	made := secretObject(object.GetNamespace(), orElse(s.Target.Name, object.GetName()), kind, labels, annotations, data)
	if s.Target.Immutable {
		made.Object["immutable"] = true
	}
	if s.creationPolicy() == "Owner" {
		labels[ownedSecretLabel] = digest(object.GetNamespace() + "/" + object.GetName())
		yes := true
		made.SetOwnerReferences([]metav1.OwnerReference{{
			APIVersion: externalSecretsV1.String(), Kind: "ExternalSecret", Name: object.GetName(), UID: object.GetUID(), Controller: &yes, BlockOwnerDeletion: &yes,
		}})
	}
	annotations[dataHash] = digest(made.Object["data"])
	made.SetLabels(labels)
	made.SetAnnotations(annotations)
	return made, nil
}

func mergedData(one, other map[string][]byte) map[string][]byte {
	all := maps.Clone(one)
	maps.Copy(all, other)
	return all
}

// render fills every key of a template in; values are texts, and a value that is not there is an error (runtime/template/v2).
func (t *template) render(values map[string][]byte) (map[string][]byte, error) {
	texts := map[string]string{}
	for key, value := range values {
		texts[key] = string(value)
	}
	rendered := map[string][]byte{}
	for key, text := range t.Data {
		parsed, err := gotemplate.New(key).Option("missingkey=error").Funcs(sprig.TxtFuncMap()).Parse(text)
		if err != nil {
			return nil, fmt.Errorf("unable to parse template at key %s", key)
		}
		var result bytes.Buffer
		if err := parsed.Execute(&result, texts); err != nil {
			return nil, fmt.Errorf("unable to execute template at key %s", key)
		}
		rendered[key] = result.Bytes()
	}
	return rendered, nil
}
