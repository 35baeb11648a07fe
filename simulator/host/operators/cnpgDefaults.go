package operators

import (
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// setDefaults are those of the webhook that are read here: api/v1/cluster_defaults.go.
func (s *cnpgSpec) setDefaults(image string) {
	if s.ImageName == "" && s.ImageCatalogRef == nil {
		s.ImageName = image
	}
	if s.Bootstrap == nil {
		s.Bootstrap = &cnpgBootstraps{}
	}
	if s.Bootstrap.Initdb == nil && s.Bootstrap.Recovery == nil && s.Bootstrap.PgBaseBackup == nil {
		s.Bootstrap.Initdb = &cnpgBootstrap{}
	}
	for _, way := range []*cnpgBootstrap{s.Bootstrap.Initdb, s.Bootstrap.Recovery, s.Bootstrap.PgBaseBackup} {
		if way == nil {
			continue
		}
		if way.Database == "" && (way.Import == nil || way.Import.Type != "monolith") {
			way.Database = "app"
		}
		way.Owner = orElse(way.Owner, way.Database)
	}
	if enabled := s.Affinity.EnablePodAntiAffinity; enabled == nil || *enabled {
		s.Affinity.PodAntiAffinityType = orElse(s.Affinity.PodAntiAffinityType, "preferred")
	}
	s.LogLevel = orElse(s.LogLevel, "info")
}

// way is how the first instance comes to be, and the word for it in the name of its Job (pkg/specs/jobs.go).
func (s *cnpgSpec) way() (*cnpgBootstrap, string) {
	switch {
	case s.Bootstrap.Recovery != nil:
		return s.Bootstrap.Recovery, "full-recovery"
	case s.Bootstrap.PgBaseBackup != nil:
		return s.Bootstrap.PgBaseBackup, "pgbasebackup"
	case s.Bootstrap.Initdb.Import != nil:
		return s.Bootstrap.Initdb, "import"
	}
	return s.Bootstrap.Initdb, "initdb"
}

func (s *cnpgSpec) isReplica(name string) bool {
	switch {
	case s.Replica == nil:
		return false
	case s.Replica.Enabled != nil:
		return *s.Replica.Enabled
	}
	return orElse(s.Replica.Self, name) != s.Replica.Primary
}

func (s *cnpgSpec) external(name string) *cnpgExternal {
	for index := range s.ExternalClusters {
		if s.ExternalClusters[index].Name == name {
			return &s.ExternalClusters[index]
		}
	}
	return nil
}

// major is the version of PostgreSQL, 0 when the image does not tell: machinery's version.FromTag, for which a tag begins with one or two numbers.
func (s *cnpgSpec) major() int {
	if s.ImageCatalogRef != nil {
		return s.ImageCatalogRef.Major
	}
	digits, _, _ := strings.Cut(imageTag(s.ImageName), "-")
	first, _, _ := strings.Cut(digits, ".")
	number, err := strconv.Atoi(first)
	if err != nil {
		return 0
	}
	return number
}

// imageTag is what stands behind the name of an image, without its digest.
func imageTag(image string) string {
	image, _, _ = strings.Cut(image, "@")
	_, last := path.Split(image)
	_, tag, _ := strings.Cut(last, ":")
	return tag
}

func (s *cnpgSpec) seccomp() *corev1.SeccompProfile {
	if s.SeccompProfile != nil {
		return s.SeccompProfile
	}
	return &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}
}

// volumes are those of every instance, by their role.
func (s *cnpgSpec) volumes() map[string]*cnpgStorage {
	found := map[string]*cnpgStorage{"PG_DATA": &s.Storage}
	if s.WalStorage != nil {
		found["PG_WAL"] = s.WalStorage
	}
	return found
}

// claimName is what the volume of an instance is called.
func claimName(instance, role string) string {
	if role == "PG_WAL" {
		return instance + "-wal"
	}
	return instance
}

// size is what is asked for, nil when that says nothing.
func (s *cnpgStorage) size() *resource.Quantity {
	if s.Size != "" {
		parsed, err := resource.ParseQuantity(s.Size)
		if err != nil {
			return nil
		}
		return &parsed
	}
	if s.PvcTemplate != nil {
		if asked, found := s.PvcTemplate.Resources.Requests[corev1.ResourceStorage]; found {
			return &asked
		}
	}
	return nil
}

func (s *cnpgSpec) isDisabled(service string) bool {
	return s.Managed != nil && s.Managed.Services != nil && slices.Contains(s.Managed.Services.DisabledDefaultServices, service)
}

// inherit gives an object the labels and annotations of its Cluster (api/v1/cluster_funcs.go, SetInheritedData).
func (c *cnpgCluster) inherit(meta *metav1.ObjectMeta) {
	if meta.Labels == nil {
		meta.Labels = map[string]string{}
	}
	if meta.Annotations == nil {
		meta.Annotations = map[string]string{}
	}
	meta.Annotations["cnpg.io/operatorVersion"] = cnpgVersion
	if fixed := c.spec.InheritedMetadata; fixed != nil {
		maps.Copy(meta.Labels, fixed.Labels)
		maps.Copy(meta.Annotations, fixed.Annotations)
	}
	copyMatching(meta.Labels, c.object.GetLabels(), c.plane.patterns("INHERITED_LABELS"))
	copyMatching(meta.Annotations, c.object.GetAnnotations(), c.plane.patterns("INHERITED_ANNOTATIONS"))
}

func copyMatching(into, from map[string]string, patterns []string) {
	for key, value := range from {
		if slices.ContainsFunc(patterns, func(pattern string) bool {
			matched, err := path.Match(pattern, key)
			return err == nil && matched
		}) {
			into[key] = value
		}
	}
}
