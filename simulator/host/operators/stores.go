package operators

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// errNoSecret is what a store answers when it has no such entry.
var errNoSecret = errors.New("Secret does not exist") //nolint:staticcheck // upstream text

// backend is a simulated store outside of the cluster. Two objects that lead to the same place share it. Its entries are kept in a Secret, which the
// cluster encrypts at rest: a store must outlast the program, and no file of a run may hold secrets.
type backend struct {
	name string
	// prefix comes before the names of entries.
	prefix string
	// fixed are the entries of a store that is only written down in its own object.
	fixed map[string][]byte
}

// keptIn is the namespace of the Secrets in which stores keep their entries.
const keptIn = "kube-system"

// places say by what each kind of provider is told apart from another of its kind.
var places = map[string][]string{
	"azurekv": {"vaultUrl"},
	"aws":     {"service", "region"},
	"vault":   {"server", "path"},
	"gcpsm":   {"projectID"},
}

func backendOf(store *unstructured.Unstructured) (*backend, error) {
	providers, _, _ := unstructured.NestedMap(store.Object, "spec", "provider")
	names := slices.Sorted(maps.Keys(providers))
	if len(names) != 1 {
		return nil, fmt.Errorf("store error: one provider must be named, found %v", names)
	}
	if names[0] == "fake" {
		return fakeBackend(store)
	}
	settings, known := providers[names[0]].(map[string]any)
	keys, simulated := places[names[0]]
	if !known || !simulated {
		return nil, fmt.Errorf("the simulator has no stores of the provider %s; it has %v and fake", names[0], slices.Sorted(maps.Keys(places)))
	}
	where := []any{names[0]}
	for _, key := range keys {
		where = append(where, settings[key])
	}
	prefix, _ := settings["prefix"].(string) // of aws
	return &backend{name: "simulated-secret-store-" + digest(where), prefix: prefix}, nil
}

// fakeBackend is External Secrets' own provider for tests (providers/v1/fake).
func fakeBackend(store *unstructured.Unstructured) (*backend, error) {
	var data []struct{ Key, Value string }
	if err := read(store, &data, "spec", "provider", "fake", "data"); err != nil {
		return nil, err
	}
	made := &backend{fixed: map[string][]byte{}}
	for _, each := range data {
		made.fixed[each.Key] = []byte(each.Value)
	}
	return made, nil
}

func (b *backend) entries(ctx context.Context, w *world) (map[string][]byte, error) {
	if b.fixed != nil {
		return b.fixed, nil
	}
	kept, err := w.live(ctx, secrets, keptIn, b.name)
	entries := map[string][]byte{}
	if err != nil || kept == nil {
		return entries, err
	}
	if err := json.Unmarshal(dataOf(kept)["entries"], &entries); err != nil {
		return nil, fmt.Errorf("simulated store %s: %w", b.name, err)
	}
	return entries, nil
}

func (b *backend) keep(ctx context.Context, w *world, entries map[string][]byte) error {
	if b.fixed != nil {
		return errors.New("a store of the provider fake is not written to here")
	}
	content, err := json.Marshal(entries)
	if err != nil {
		return err
	}
	return w.apply(ctx, secrets, "tars-simulator", secretObject(keptIn, b.name, "Opaque", nil, nil, map[string][]byte{"entries": content}))
}

// get is an entry, or the property of one that is JSON.
func (b *backend) get(ctx context.Context, w *world, key, property string) ([]byte, error) {
	entries, err := b.entries(ctx, w)
	if err != nil {
		return nil, err
	}
	value, found := entries[b.prefix+key]
	if !found {
		return nil, errNoSecret
	}
	if property == "" {
		return value, nil
	}
	properties, err := propertiesOf(value)
	if err != nil {
		return nil, err
	}
	part, found := properties[property]
	if !found {
		return nil, fmt.Errorf("key %s does not exist in secret %s", property, key)
	}
	return part, nil
}

// put writes an entry, or one property of it.
func (b *backend) put(ctx context.Context, w *world, key, property string, value []byte, onlyNew bool) error {
	entries, err := b.entries(ctx, w)
	if err != nil {
		return err
	}
	key = b.prefix + key
	if _, found := entries[key]; found && onlyNew {
		return nil
	}
	if property != "" {
		properties := map[string][]byte{}
		if before, found := entries[key]; found {
			if properties, err = propertiesOf(before); err != nil {
				return err
			}
		}
		properties[property] = value
		if value, err = wholeSecret(properties); err != nil {
			return err
		}
	}
	if string(entries[key]) == string(value) && entries[key] != nil {
		return nil
	}
	entries[key] = value
	return b.keep(ctx, w, entries)
}

func (b *backend) remove(ctx context.Context, w *world, key string) error {
	entries, err := b.entries(ctx, w)
	if err != nil {
		return err
	}
	key = b.prefix + key
	if _, found := entries[key]; !found {
		return nil
	}
	delete(entries, key)
	return b.keep(ctx, w, entries)
}

// propertiesOf reads an entry that is a JSON object; what is no text in it stays JSON.
func propertiesOf(value []byte) (map[string][]byte, error) {
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(value, &parts); err != nil {
		return nil, fmt.Errorf("unable to unmarshal secret: %w", withoutValue(err))
	}
	properties := map[string][]byte{}
	for key, part := range parts {
		var text string
		if json.Unmarshal(part, &text) == nil {
			properties[key] = []byte(text)
		} else {
			properties[key] = part
		}
	}
	return properties, nil
}

// withoutValue keeps what a parser says of a secret from quoting it.
func withoutValue(err error) error {
	return fmt.Errorf("it is no JSON object (%T)", err)
}

// wholeSecret is a Secret's data as one entry: a JSON object of texts.
func wholeSecret(data map[string][]byte) ([]byte, error) {
	texts := map[string]string{}
	for key, value := range data {
		texts[key] = string(value)
	}
	return json.Marshal(texts)
}
