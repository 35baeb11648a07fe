package operators

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// refuse does nothing with a Cluster that the webhook would not have let in. Nobody answers webhooks here; the true operator then looks itself, says
// that the definition is invalid and stops (internal/webhook/guard/guard.go). The reason is what the webhook would have answered. Of a change only
// that is seen which what is there tells: the size and number of volumes, and the version of PostgreSQL.
func (c *cnpgCluster) refuse(context.Context) (bool, error) {
	errs := slices.Concat(c.badBootstrap(), c.badImage(), c.badNumbers(), c.badStorage(), c.badParameters(), c.badResources(), c.badReferences())
	if len(errs) == 0 {
		return false, nil
	}
	slices.SortFunc(errs, func(a, b *field.Error) int { return strings.Compare(a.Error(), b.Error()) })
	c.status.phase(cnpgInvalid, apierrors.NewInvalid(schema.GroupKind{Group: cnpgV1.Group, Kind: "Cluster"}, c.name(), errs).Error())
	return true, nil
}

// at is a field of the Cluster.
func at(path ...string) *field.Path { return field.NewPath(path[0], path[1:]...) }

// badBootstrap is validateBootstrapMethod, validateBootstrapRecoverySource and validateBootstrapPgBaseBackupSource of internal/webhook/v1/cluster_webhook.go.
func (c *cnpgCluster) badBootstrap() (errs field.ErrorList) {
	given, place := c.spec.Bootstrap, at("spec", "bootstrap")
	ways := 0
	for name, way := range map[string]*cnpgBootstrap{"initdb": given.Initdb, "recovery": given.Recovery, "pg_basebackup": given.PgBaseBackup} {
		if way == nil {
			continue
		}
		ways++
		if name == "initdb" || way.Source == "" && name == "recovery" {
			continue
		}
		external := c.spec.external(way.Source)
		if external == nil {
			errs = append(errs, field.Invalid(place.Child(name, "source"), way.Source, fmt.Sprintf("External cluster %v not found", way.Source)))
		} else if name == "recovery" && external.isEmpty() {
			errs = append(errs, field.Invalid(place.Child(name, "source"), way.Source, fmt.Sprintf("External cluster %v cannot be used for recovery: "+
				"missing connection parameters, Barman, or CNPG-i configuration", way.Source)))
		}
	}
	if ways > 1 {
		errs = append(errs, field.Forbidden(place, "Only one bootstrap method can be specified at a time"))
	}
	return errs
}

func (e *cnpgExternal) isEmpty() bool {
	return e.ConnectionParameters == nil && e.BarmanObjectStore == nil && e.Plugin == nil
}

// badImage is validateImageName, and validateImageChange.
func (c *cnpgCluster) badImage() (errs field.ErrorList) {
	place, image := at("spec", "imageName"), c.spec.ImageName
	if image != "" {
		switch tag := imageTag(image); {
		case tag == "latest":
			errs = append(errs, field.Invalid(place, image, "Can't use 'latest' as image tag as we can't detect upgrades"))
		case tag == "" && strings.Contains(image, "@"):
			errs = append(errs, field.Invalid(place, image, "Can't use just the image sha as we can't detect upgrades"))
		case tag == "":
			errs = append(errs, field.Invalid(place, image, "Can't use 'latest' as image tag as we can't detect upgrades"))
		case c.spec.major() == 0:
			errs = append(errs, field.Invalid(place, image, "invalid version tag"))
		}
	}
	if len(errs) > 0 {
		return errs
	}
	if c.spec.major() < 13 {
		errs = append(errs, field.Invalid(place, image, "Unsupported PostgreSQL version. Versions 13 or newer are supported"))
	}
	if c.spec.ImageCatalogRef != nil {
		place = at("spec", "imageCatalogRef", "major")
	}
	if has := c.status.PgDataImageInfo; has != nil && has.MajorVersion > c.spec.major() {
		errs = append(errs, field.Invalid(place, strconv.Itoa(c.spec.major()), fmt.Sprintf("can't downgrade from major %v to %v", has.MajorVersion, c.spec.major())))
	}
	return errs
}

// badNumbers is validateName, validateSynchronousReplicaConfiguration, validateMinSyncReplicas, validateMaxSyncReplicas and validatePrimaryUpdateStrategy.
func (c *cnpgCluster) badNumbers() (errs field.ErrorList) {
	s := c.spec
	if len(validation.IsDNS1035Label(c.name())) > 0 {
		errs = append(errs, field.Invalid(at("metadata", "name"), c.name(), "cluster name must be a valid DNS label"))
	}
	if len(c.name()) > 50 {
		errs = append(errs, field.Invalid(at("metadata", "name"), c.name(), "the maximum length of a cluster name is 50 characters"))
	}
	if asked := s.Postgresql.Synchronous; asked != nil {
		if asked.Number >= s.Instances+len(asked.StandbyNamesPost)+len(asked.StandbyNamesPre) {
			errs = append(errs, field.Invalid(at("spec", "postgresql", "synchronous"), *asked,
				"Invalid synchronous configuration: the number of synchronous replicas must be less than the total number of instances and the provided standby names."))
		}
		if s.MinSyncReplicas > 0 || s.MaxSyncReplicas > 0 {
			errs = append(errs, field.Invalid(at("spec", "postgresql", "synchronous"), *asked,
				"Can't have both legacy synchronous replica configuration and new one"))
		}
	}
	if s.MaxSyncReplicas >= s.Instances {
		errs = append(errs, field.Invalid(at("spec", "maxSyncReplicas"), s.MaxSyncReplicas, "maxSyncReplicas must be lower than the number of instances"))
	}
	if s.MinSyncReplicas > s.MaxSyncReplicas {
		errs = append(errs, field.Invalid(at("spec", "minSyncReplicas"), s.MinSyncReplicas, "minSyncReplicas cannot be greater than maxSyncReplicas"))
	}
	if s.PrimaryUpdateStrategy == "supervised" && s.Instances == 1 {
		errs = append(errs, field.Invalid(at("spec", "primaryUpdateStrategy"), s.PrimaryUpdateStrategy,
			"supervised update strategy is not allowed for clusters with a single instance"))
	}
	return errs
}

// badStorage is validateStorageConfigurationSize, validateEphemeralVolumeSource, and of changes validateStorageConfigurationChange and validateWalStorageChange.
func (c *cnpgCluster) badStorage() (errs field.ErrorList) {
	places := map[string]*field.Path{"PG_DATA": at("spec", "storage"), "PG_WAL": at("spec", "walStorage")}
	volumes := c.spec.volumes()
	for role, storage := range volumes {
		switch {
		case storage.Size != "" && storage.size() == nil:
			errs = append(errs, field.Invalid(places[role].Child("size"), storage.Size, "Size value isn't valid"))
		case storage.size() == nil || storage.size().IsZero():
			errs = append(errs, field.Invalid(places[role].Child("size"), storage.Size,
				"Size not configured. Please add it, or a storage request in the pvcTemplate."))
		}
	}
	told := map[string]bool{}
	for _, claim := range c.claims {
		role := claim.Labels[cnpgPvcRoleLabel]
		if told[role] || claim.DeletionTimestamp != nil {
			continue
		}
		storage, has := volumes[role], claim.Spec.Resources.Requests[corev1.ResourceStorage]
		switch {
		case storage == nil && role == "PG_WAL":
			errs = append(errs, field.Invalid(places[role], nil, "walStorage cannot be disabled once configured"))
			told[role] = true
		case storage != nil && storage.size() != nil && has.Cmp(*storage.size()) > 0:
			errs = append(errs, field.Invalid(places[role], storage.size().String(),
				fmt.Sprintf("can't shrink existing storage from %v to %v", has.String(), storage.size())))
			told[role] = true
		}
	}
	if limits := c.spec.EphemeralVolumesSizeLimit; c.spec.EphemeralVolumeSource != nil && limits != nil && limits.TemporaryData != nil {
		errs = append(errs, field.Duplicate(at("spec", "ephemeralVolumeSource"),
			"Conflicting settings: provide either ephemeralVolumeSource or ephemeralVolumesSizeLimit.TemporaryData, not both."))
	}
	return errs
}

// badReferences is validateEnv, validateExternalClusters, validateReplicaMode, validatePluginConfiguration and validateServiceAccountConfig.
func (c *cnpgCluster) badReferences() (errs field.ErrorList) {
	s := c.spec
	for index, variable := range s.Env {
		name := strings.ToUpper(variable.Name)
		if strings.HasPrefix(name, "CNPG_") || strings.HasPrefix(name, "PG") || slices.Contains([]string{"POD_NAME", "NAMESPACE", "CLUSTER_NAME"}, name) {
			errs = append(errs, field.Invalid(at("spec", "postgresql", "env").Index(index).Child("name"), variable.Name,
				"the usage of this environment variable is reserved for the operator"))
		}
	}
	known := map[string]bool{}
	for index := range s.ExternalClusters {
		known[s.ExternalClusters[index].Name] = true
		if s.ExternalClusters[index].isEmpty() {
			errs = append(errs, field.Required(at("spec", "externalClusters").Index(index), "one of connectionParameters, plugin and barmanObjectStore is required"))
		}
	}
	if len(known) != len(s.ExternalClusters) {
		errs = append(errs, field.Invalid(at("spec", "externalClusters"), "", "the list of external clusters contains duplicate values"))
	}
	if replica := s.Replica; replica != nil {
		place := at("spec", "replicaCluster")
		if replica.Primary != "" && replica.Enabled != nil {
			errs = append(errs, field.Forbidden(place.Child("enabled"), "replica mode enabled is not compatible with the primary field"))
		}
		// Of bootstraps only a new Cluster is asked; one that has been brought up may be made a replica.
		if s.isReplica(c.name()) && s.Bootstrap.Initdb != nil && !c.status.isTrue("Initialized") {
			errs = append(errs, field.Invalid(place, replica.Primary, "replica mode bootstrap is compatible only with pg_basebackup or recovery"))
		}
		for child, name := range map[string]string{"primaryServerName": replica.Source, "self": replica.Self, "primary": replica.Primary} {
			if s.external(name) == nil && (name != "" || child == "primaryServerName") {
				errs = append(errs, field.Invalid(place.Child(child), name, fmt.Sprintf("External cluster %v not found", name)))
			}
		}
	}
	var archivers []string
	for index := range s.Plugins {
		if plugin := &s.Plugins[index]; plugin.isEnabled() && plugin.IsWALArchiver != nil && *plugin.IsWALArchiver {
			archivers = append(archivers, plugin.Name)
		}
	}
	if len(archivers) > 0 && s.Backup != nil && s.Backup.BarmanObjectStore != nil {
		errs = append(errs, field.Invalid(at("spec", "plugins"), archivers, "Cannot enable a WAL archiver plugin when barmanObjectStore is configured"))
	}
	if len(archivers) > 1 {
		errs = append(errs, field.Invalid(at("spec", "plugins"), archivers, "Cannot enable more than one WAL archiver plugin"))
	}
	if s.ServiceAccountName != "" && s.ServiceAccountTemplate != nil {
		errs = append(errs, field.Invalid(at("spec", "serviceAccountName"), s.ServiceAccountName,
			"serviceAccountName and serviceAccountTemplate are mutually exclusive"))
	}
	return errs
}
