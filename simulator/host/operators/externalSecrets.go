package operators

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"time"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const externalSecretsGroup = "external-secrets.io"

var (
	externalSecretsV1 = schema.GroupVersion{Group: externalSecretsGroup, Version: "v1"}
	clusterStores     = externalSecretsV1.WithResource("clustersecretstores")
	secretStores      = externalSecretsV1.WithResource("secretstores")
	external          = externalSecretsV1.WithResource("externalsecrets")
	pushSecrets       = schema.GroupVersionResource{Group: externalSecretsGroup, Version: "v1alpha1", Resource: "pushsecrets"}
)

// externalSecrets copies Secrets from and to stores, after pkg/controllers of external-secrets v2.9.0. The stores are simulated (stores.go).
func externalSecrets() *operator {
	return &operator{
		name:       "external-secrets",
		controller: labels.Set{"app.kubernetes.io/name": "external-secrets"},
		subjects: []subject{
			{"ClusterSecretStore", clusterStores, storeSync(clusterStores)},
			{"SecretStore", secretStores, storeSync(secretStores)},
			{"PushSecret", pushSecrets, syncPushSecret},
			{"ExternalSecret", external, syncExternalSecret},
		},
		looksAt: []schema.GroupVersionResource{secrets, namespaces},
		rights: []rbacv1.PolicyRule{
			rule("", []string{"create", "patch", "delete"}, "secrets"),
			rule(externalSecretsGroup, []string{"update"}, "pushsecrets"),
		},
	}
}

// storeCondition is what a store's own condition has; there is no generation in it.
func stateOf(is bool, reason, message string) condition {
	return condition{Type: "Ready", Status: truth(is), Reason: reason, Message: message}
}

func storeSync(resource schema.GroupVersionResource) func(context.Context, *world, *unstructured.Unstructured) error {
	return func(ctx context.Context, w *world, store *unstructured.Unstructured) error {
		var status struct {
			Capabilities string      `json:"capabilities,omitempty"`
			Conditions   []condition `json:"conditions,omitempty"`
		}
		if err := read(store, &status, "status"); err != nil {
			return err
		}
		ready := stateOf(true, "Valid", "store validated")
		if _, err := backendOf(store); err != nil {
			ready = stateOf(false, "InvalidProviderConfig", "unable to create client ("+err.Error()+")")
		}
		status.Conditions, status.Capabilities = merged(status.Conditions, ready), "ReadWrite"
		return w.setStatus(ctx, resource, store, status)
	}
}

// storeReference names a store.
type storeReference struct {
	Name          string
	Kind          string
	LabelSelector *metav1.LabelSelector
}

// storesOf are the stores that a reference names, for objects of a namespace.
func storesOf(w *world, wanted storeReference, namespace string) ([]*unstructured.Unstructured, error) {
	resource, place := secretStores, namespace
	if wanted.Kind == "ClusterSecretStore" {
		resource, place = clusterStores, ""
	}
	var found []*unstructured.Unstructured
	if wanted.LabelSelector != nil {
		selector, err := metav1.LabelSelectorAsSelector(wanted.LabelSelector)
		if err != nil {
			return nil, err
		}
		for _, store := range w.list(resource, nil) {
			if store.GetNamespace() == place && selector.Matches(labels.Set(store.GetLabels())) {
				found = append(found, store)
			}
		}
	} else if store := w.get(resource, place, wanted.Name); store != nil {
		found = append(found, store)
	} else {
		return nil, fmt.Errorf("could not get %s %q, %s %q not found", orElse(wanted.Kind, "SecretStore"), wanted.Name, resource.GroupResource(), wanted.Name)
	}
	for _, store := range found {
		if resource == clusterStores && !opens(w, store, namespace) {
			return nil, fmt.Errorf("using cluster store %q is not allowed from namespace %q: denied by spec.condition", store.GetName(), namespace)
		}
	}
	return found, nil
}

// opens says whether a store of the cluster is for objects of a namespace.
func opens(w *world, store *unstructured.Unstructured, namespace string) bool {
	var conditions []struct {
		Namespaces, NamespaceRegexes []string
		NamespaceSelector            *metav1.LabelSelector
	}
	if err := read(store, &conditions, "spec", "conditions"); err != nil {
		return false
	}
	if len(conditions) == 0 {
		return true
	}
	for _, each := range conditions {
		if slices.Contains(each.Namespaces, namespace) || slices.ContainsFunc(each.NamespaceRegexes, func(pattern string) bool {
			matched, err := regexp.MatchString(pattern, namespace)
			return err == nil && matched
		}) {
			return true
		}
		selector, err := metav1.LabelSelectorAsSelector(each.NamespaceSelector)
		found := w.get(namespaces, "", namespace)
		if each.NamespaceSelector != nil && err == nil && found != nil && selector.Matches(labels.Set(found.GetLabels())) {
			return true
		}
	}
	return false
}

// copyStatus is the status of an ExternalSecret and of a PushSecret.
type copyStatus struct {
	Binding               *binding       `json:"binding,omitempty"`
	Conditions            []condition    `json:"conditions,omitempty"`
	RefreshTime           string         `json:"refreshTime,omitempty"`
	SyncedPushSecrets     map[string]any `json:"syncedPushSecrets,omitempty"`
	SyncedResourceVersion string         `json:"syncedResourceVersion,omitempty"`
}

// binding names the Secret that an ExternalSecret makes.
type binding struct {
	Name string `json:"name"`
}

// versionOf changes whenever an object is asked to be otherwise.
func versionOf(object *unstructured.Unstructured) string {
	return fmt.Sprintf("%d-%s", object.GetGeneration(), digest([]any{object.GetLabels(), object.GetAnnotations()}))
}

// due says whether a refresh is asked for, and when the next will be (0 is never).
func due(status copyStatus, version string, interval *metav1.Duration) (now bool, next time.Duration) {
	every := time.Hour // the default of the definition
	if interval != nil {
		every = interval.Duration
	}
	ready := find(status.Conditions, "Ready")
	if ready == nil || ready.Status != conditionTrue || status.SyncedResourceVersion != version {
		return true, every
	}
	last, err := time.Parse(time.RFC3339, status.RefreshTime)
	if err != nil {
		return true, every
	}
	if every == 0 {
		return false, 0
	}
	left := time.Until(last.Add(every))
	return left <= 0, left
}

// syncExternalSecret makes a Secret of what is in stores.
func syncExternalSecret(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	spec, status := &externalSpec{}, copyStatus{}
	if err := read(object, spec, "spec"); err != nil {
		return err
	}
	if err := read(object, &status, "status"); err != nil {
		return err
	}
	if object.GetDeletionTimestamp() != nil {
		return nil // a Secret that is its own goes with it
	}
	target := orElse(spec.Target.Name, object.GetName())
	secret, err := w.live(ctx, secrets, object.GetNamespace(), target)
	if err != nil {
		return err
	}
	now, next := due(status, versionOf(object), spec.RefreshInterval)
	if !now && valid(secret, spec) {
		if next > 0 {
			w.again(object, next)
		}
		return nil
	}
	shown, err := spec.bring(ctx, w, object, secret)
	if err != nil {
		return err
	}
	status.Conditions = merged(status.Conditions, shown)
	if shown.Status == conditionTrue {
		status.RefreshTime, status.SyncedResourceVersion = timestamp(time.Now()), versionOf(object)
		status.Binding = &binding{target}
	}
	return w.setStatus(ctx, external, object, status)
}

const (
	managedSecretLabel = "reconcile.external-secrets.io/managed"
	ownedSecretLabel   = "reconcile.external-secrets.io/created-by"
	dataHash           = "reconcile.external-secrets.io/data-hash"
)

// valid says whether a Secret is as it was last written.
func valid(secret *unstructured.Unstructured, spec *externalSpec) bool {
	if spec.creationPolicy() == "None" {
		return true
	}
	return secret != nil && secret.GetLabels()[managedSecretLabel] == "true" && secret.GetAnnotations()[dataHash] == digest(secret.Object["data"])
}

// bring fetches and writes; the condition says what came of it, an error what the API server refused.
func (s *externalSpec) bring(ctx context.Context, w *world, object, secret *unstructured.Unstructured) (condition, error) {
	const failed = "SecretSyncedError"
	fetched, err := s.fetch(ctx, w, object.GetNamespace())
	if err != nil {
		return stateOf(false, failed, fmt.Sprintf("could not get secret data from provider (%v)", err)), nil
	}
	if len(fetched) == 0 {
		switch s.deletionPolicy() {
		case "Retain":
			return stateOf(true, "SecretSynced", "secret retained due to DeletionPolicy=Retain"), nil
		case "Delete":
			if secret != nil {
				err = w.write(secrets, object.GetNamespace()).Delete(ctx, secret.GetName(), metav1.DeleteOptions{})
			}
			return stateOf(true, "SecretDeleted", "secret deleted due to DeletionPolicy=Delete"), ignoreGone(err)
		}
	}
	switch policy := s.creationPolicy(); {
	case policy == "None":
		return stateOf(true, "SecretSynced", "secret synced"), nil
	case policy == "Merge" && secret == nil:
		return stateOf(true, "SecretMissing", "secret will not be created due to CreationPolicy=Merge"), nil
	case policy == "Owner" && secret != nil && ownedByAnother(object, secret):
		return stateOf(false, failed, "target is owned by another ExternalSecret"), nil
	}
	wanted, err := s.secret(object, secret, fetched)
	if err != nil {
		return stateOf(false, failed, fmt.Sprintf("could not update secret (could not apply template: %v)", err)), nil
	}
	if err := w.apply(ctx, secrets, externalSecretsGroup+"/"+object.GetName(), wanted); err != nil {
		return stateOf(false, failed, fmt.Sprintf("could not update secret (%v)", err)), nil
	}
	return stateOf(true, "SecretSynced", "secret synced"), nil
}

func ownedByAnother(object, secret *unstructured.Unstructured) bool {
	owner := metav1.GetControllerOf(secret)
	return owner != nil && (owner.Kind != "ExternalSecret" || owner.Name != object.GetName())
}

// pushSpec is what is read of a PushSecret.
type pushSpec struct {
	RefreshInterval              *metav1.Duration
	UpdatePolicy, DeletionPolicy string
	SecretStoreRefs              []storeReference
	Selector                     struct{ Secret *struct{ Name string } }
	Data                         []pushEntry
	DataTo                       []any
	Template                     *template
}

type pushEntry struct {
	Match struct {
		SecretKey string
		RemoteRef struct{ RemoteKey, Property string }
	}
}

const pushFinalizer = "pushsecret.externalsecrets.io/finalizer"

// syncPushSecret writes a Secret to stores.
func syncPushSecret(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	spec, status := &pushSpec{}, copyStatus{}
	if err := read(object, spec, "spec"); err != nil {
		return err
	}
	if err := read(object, &status, "status"); err != nil {
		return err
	}
	if done, err := spec.finalize(ctx, w, object); done || err != nil {
		return err
	}
	now, next := due(status, versionOf(object), spec.RefreshInterval)
	if !now {
		if next > 0 {
			w.again(object, next)
		}
		return nil
	}
	synced, err := spec.push(ctx, w, object)
	message := "PushSecret synced successfully"
	if spec.UpdatePolicy == "IfNotExists" {
		message += ". Existing secrets in providers unchanged."
	}
	shown := stateOf(true, "Synced", message)
	if err != nil {
		shown = stateOf(false, "Errored", err.Error())
	} else {
		status.RefreshTime, status.SyncedResourceVersion = timestamp(time.Now()), versionOf(object)
	}
	status.Conditions, status.SyncedPushSecrets = merged(status.Conditions, shown), synced
	return w.setStatus(ctx, pushSecrets, object, status)
}

// finalize takes what was pushed back when that is asked for; done when there is nothing else to do for the object.
func (s *pushSpec) finalize(ctx context.Context, w *world, object *unstructured.Unstructured) (done bool, err error) {
	held, deleting := slices.Contains(object.GetFinalizers(), pushFinalizer), object.GetDeletionTimestamp() != nil
	changed := object.DeepCopy()
	switch {
	case deleting && held:
		if err := s.takeBack(ctx, w, object); err != nil {
			return true, err
		}
		changed.SetFinalizers(slices.DeleteFunc(changed.GetFinalizers(), func(each string) bool { return each == pushFinalizer }))
		return true, w.update(ctx, pushSecrets, changed)
	case deleting:
		return true, nil
	case s.DeletionPolicy == "Delete" && !held:
		changed.SetFinalizers(append(changed.GetFinalizers(), pushFinalizer))
		return true, w.update(ctx, pushSecrets, changed)
	}
	return false, nil
}

func (s *pushSpec) takeBack(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	for _, wanted := range s.SecretStoreRefs {
		stores, err := storesOf(w, wanted, object.GetNamespace())
		if err != nil {
			return err
		}
		for _, store := range stores {
			backend, err := backendOf(store)
			if err != nil {
				return err
			}
			for _, entry := range s.Data {
				if err := backend.remove(ctx, w, entry.Match.RemoteRef.RemoteKey); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// push writes every entry to every store; what it returns is the status's account of it.
func (s *pushSpec) push(ctx context.Context, w *world, object *unstructured.Unstructured) (map[string]any, error) {
	if s.Selector.Secret == nil || len(s.DataTo) > 0 {
		return nil, fmt.Errorf("the simulator pushes entries of data, from one Secret named in selector.secret.name, only")
	}
	secret := w.get(secrets, object.GetNamespace(), s.Selector.Secret.Name)
	if secret == nil {
		return nil, fmt.Errorf("could not get source secret (secrets %q not found)", s.Selector.Secret.Name)
	}
	data := dataOf(secret)
	if s.Template != nil {
		rendered, err := s.Template.render(data)
		if err != nil {
			return nil, fmt.Errorf("could not apply template: %w", err)
		}
		maps.Copy(data, rendered)
	}
	synced := map[string]any{}
	for _, wanted := range s.SecretStoreRefs {
		stores, err := storesOf(w, wanted, object.GetNamespace())
		if err != nil {
			return synced, err
		}
		for _, store := range stores {
			done, err := s.pushTo(ctx, w, store, data)
			synced[store.GetKind()+"/"+store.GetName()] = done
			if err != nil {
				return synced, fmt.Errorf("set secret failed: %w", err)
			}
		}
	}
	return synced, nil
}

func (s *pushSpec) pushTo(ctx context.Context, w *world, store *unstructured.Unstructured, data map[string][]byte) (map[string]any, error) {
	done := map[string]any{}
	backend, err := backendOf(store)
	if err != nil {
		return done, err
	}
	for _, entry := range s.Data {
		match := entry.Match
		if _, found := data[match.SecretKey]; !found && match.SecretKey != "" {
			return done, fmt.Errorf("secret key %s does not exist", match.SecretKey)
		}
		value, whole := data[match.SecretKey], match.SecretKey == ""
		if whole {
			if value, err = wholeSecret(data); err != nil {
				return done, err
			}
		}
		if err := backend.put(ctx, w, match.RemoteRef.RemoteKey, match.RemoteRef.Property, value, s.UpdatePolicy == "IfNotExists"); err != nil {
			return done, fmt.Errorf("could not write remote ref %s to target secretstore %s: %w", match.RemoteRef.RemoteKey, store.GetName(), err)
		}
		reference := map[string]any{"remoteKey": match.RemoteRef.RemoteKey}
		account := map[string]any{"remoteRef": reference}
		if match.RemoteRef.Property != "" {
			reference["property"] = match.RemoteRef.Property
		}
		if !whole {
			account["secretKey"] = match.SecretKey
		}
		done[statusKey(match.RemoteRef.RemoteKey, match.RemoteRef.Property)] = map[string]any{"match": account}
	}
	return done, nil
}

func statusKey(remoteKey, property string) string {
	if property == "" {
		return remoteKey
	}
	return remoteKey + "/" + property
}
