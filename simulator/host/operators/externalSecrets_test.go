package operators_test

import (
	"fmt"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const (
	storeKind      = "external-secrets.io/v1 SecretStore"
	externalKind   = "external-secrets.io/v1 ExternalSecret"
	pushKind       = "external-secrets.io/v1alpha1 PushSecret"
	secretOperator = `app.kubernetes.io/name: external-secrets`
)

// stored is a store of this test's own, and a Secret that is pushed there whole.
func stored(server string) string {
	return fmt.Sprintf(`
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: {name: store}
spec: {provider: {vault: {server: "https://%s.example.com", path: secret, version: v2}}}
---
apiVersion: v1
kind: Secret
metadata: {name: source}
stringData: {value: "one", other: "two"}
---
apiVersion: external-secrets.io/v1alpha1
kind: PushSecret
metadata: {name: push}
spec:
  refreshInterval: 1h0m0s
  updatePolicy: IfNotExists
  deletionPolicy: None
  secretStoreRefs: [{kind: SecretStore, name: store}]
  selector: {secret: {name: source}}
  data: [{match: {remoteRef: {remoteKey: entry-1}}}, {match: {secretKey: other, remoteRef: {remoteKey: entry-2}}}]
`, server)
}

func wanted(name, spec string) string {
	return fmt.Sprintf("apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: %s, labels: {team: web}}\nspec:\n"+
		"  refreshInterval: 1h0m0s\n  secretStoreRef: {kind: SecretStore, name: store}\n%s", name, spec)
}

func TestWhatIsPushedCanBeFetched(t *testing.T) {
	s := newScene(t)
	s.controller(secretOperator)
	s.apply(stored(s.namespace))
	store := s.shows(storeKind, "store", "Ready=True Valid")
	if capabilities, _, _ := unstructured.NestedString(store.Object, "status", "capabilities"); capabilities != "ReadWrite" {
		t.Errorf("capabilities %s", capabilities)
	}
	push := s.shows(pushKind, "push", "Ready=True Synced")
	if synced := fmt.Sprint(push.Object["status"]); !strings.Contains(synced, "SecretStore/store") || !strings.Contains(synced, "entry-2") {
		t.Error(synced)
	}
	s.apply(wanted("copy", `
  target: {name: target, template: {type: Opaque, data: {text: "{{ .first }}-{{ .second | upper }}"}}}
  data:
    - {secretKey: first, remoteRef: {key: entry-1, property: value}}
    - {secretKey: second, remoteRef: {key: entry-2}}
`))
	s.shows(externalKind, "copy", "Ready=True SecretSynced")
	secret := s.get(secretKind, "target")
	if got := string(value(t, secret, "text")); got != "one-TWO" {
		t.Errorf("got %q", got)
	}
	s.apply(wanted("all", "  dataFrom: [{extract: {key: entry-1}}]\n"))
	s.shows(externalKind, "all", "Ready=True SecretSynced")
	whole := s.get(secretKind, "all")
	if string(value(t, whole, "value")) != "one" || string(value(t, whole, "other")) != "two" || whole.GetLabels()["team"] != "web" {
		t.Errorf("got %v", whole.Object)
	}
	// The garbage collector takes it away with its owner.
	if owners := whole.GetOwnerReferences(); len(owners) != 1 || owners[0].UID != s.get(externalKind, "all").GetUID() {
		t.Errorf("owners %v", owners)
	}
}

func TestAnEntryStaysAsItWasFirstPushed(t *testing.T) {
	s := newScene(t)
	s.controller(secretOperator)
	s.apply(stored(s.namespace))
	s.shows(pushKind, "push", "Ready=True Synced")
	s.apply("apiVersion: v1\nkind: Secret\nmetadata: {name: source}\nstringData: {value: changed, other: two}\n")
	s.remove(pushKind, "push")
	s.apply(stored(s.namespace + "x")) // another place, where it is new
	s.apply(strings.Split(stored(s.namespace), "\n---\n")[0])
	s.shows(pushKind, "push", "Ready=True Synced")
	s.apply(wanted("copy", "  data: [{secretKey: first, remoteRef: {key: entry-1, property: value}}]\n"))
	s.shows(externalKind, "copy", "Ready=True SecretSynced")
	if got := string(value(t, s.get(secretKind, "copy"), "first")); got != "one" {
		t.Errorf("got %q", got)
	}
}

func TestWhatIsNotInAStore(t *testing.T) {
	s := newScene(t)
	s.controller(secretOperator)
	s.apply(strings.Split(stored(s.namespace), "\n---\n")[0])
	s.apply(wanted("copy", "  data: [{secretKey: first, remoteRef: {key: entry-1}}]\n"))
	object := s.shows(externalKind, "copy", "Ready=False SecretSyncedError")
	want := "could not get secret data from provider (error processing spec.data[0] (key: entry-1), err: Secret does not exist)"
	if text := fmt.Sprint(object.Object["status"]); !strings.Contains(text, want) {
		t.Error(text)
	}
	if s.get(secretKind, "copy") != nil {
		t.Error("a Secret was made all the same")
	}
	s.apply(stored(s.namespace)) // it is fetched as soon as it is there
	s.shows(externalKind, "copy", "Ready=True SecretSynced")
}

func TestStoresThatCannotBeUsed(t *testing.T) {
	s := newScene(t)
	s.controller(secretOperator)
	s.apply("apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: store}\nspec: {provider: {onepassword: {}}}\n")
	s.shows(storeKind, "store", "Ready=False InvalidProviderConfig")
	s.apply(fmt.Sprintf("apiVersion: external-secrets.io/v1\nkind: ClusterSecretStore\nmetadata: {name: %s}\n"+
		"spec: {provider: {fake: {data: [{key: k, value: v}]}}, conditions: [{namespaces: [another]}]}\n", s.namespace))
	text := wanted("copy", "  data: [{secretKey: first, remoteRef: {key: k}}]\n")
	s.apply(strings.Replace(text, "kind: SecretStore, name: store", "kind: ClusterSecretStore, name: "+s.namespace, 1))
	s.until(externalKind, "copy", func(object *unstructured.Unstructured) bool {
		return strings.Contains(fmt.Sprint(object.Object["status"]), "is not allowed from namespace \""+s.namespace+"\": denied by spec.condition")
	})
	s.apply(fmt.Sprintf("apiVersion: external-secrets.io/v1\nkind: ClusterSecretStore\nmetadata: {name: %[1]s}\n"+
		"spec: {provider: {fake: {data: [{key: k, value: v}]}}, conditions: [{namespaces: [%[1]s]}]}\n", s.namespace))
	s.shows(externalKind, "copy", "Ready=True SecretSynced")
}

func TestWhatWasPushedIsTakenBackWhereThatIsAsked(t *testing.T) {
	s := newScene(t)
	s.controller(secretOperator)
	s.apply(strings.Replace(stored(s.namespace), "deletionPolicy: None", "deletionPolicy: Delete", 1))
	s.shows(pushKind, "push", "Ready=True Synced")
	s.remove(pushKind, "push")
	s.until(pushKind, "push", func(object *unstructured.Unstructured) bool { return object == nil })
	s.apply(wanted("copy", "  data: [{secretKey: first, remoteRef: {key: entry-1}}]\n"))
	s.shows(externalKind, "copy", "Ready=False SecretSyncedError")
}
