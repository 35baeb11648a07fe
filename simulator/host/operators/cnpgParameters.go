package operators

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// fixedParameters belong to the operator: FixedConfigurationParameters of pkg/postgres/configuration.go. Values that it would give itself are not known
// here, so that of these every value is refused.
var fixedParameters = strings.Fields(`allow_system_table_mods archive_cleanup_command archive_command archive_mode bonjour bonjour_name cluster_name
	config_file data_directory data_sync_retry event_source external_pid_file hba_file hot_standby ident_file jit_provider listen_addresses
	log_destination log_directory log_file_mode log_filename log_rotation_age log_rotation_size log_truncate_on_rotation logging_collector
	pg_failover_slots.primary_dsn pg_failover_slots.standby_slot_names port primary_conninfo primary_slot_name promote_trigger_file
	recovery_end_command recovery_min_apply_delay recovery_target recovery_target_action recovery_target_inclusive recovery_target_lsn
	recovery_target_name recovery_target_time recovery_target_timeline recovery_target_xid restart_after_crash restore_command
	shared_preload_libraries ssl ssl_ca_file ssl_cert_file ssl_crl_file ssl_dh_params_file ssl_ecdh_curve ssl_key_file ssl_passphrase_command
	ssl_passphrase_command_supports_reload ssl_prefer_server_ciphers stats_temp_directory synchronized_standby_slots synchronous_standby_names
	syslog_facility syslog_ident syslog_sequence_numbers syslog_split_messages temp_tablespaces unix_socket_directories unix_socket_group
	unix_socket_permissions`)

// badParameters is the part of validateConfiguration that is about single settings, sizes of WAL and wal_level.
func (c *cnpgCluster) badParameters() (errs field.ErrorList) {
	given, place := c.spec.Postgresql.Parameters, at("spec", "postgresql", "parameters")
	for _, key := range slices.Sorted(maps.Keys(given)) {
		if slices.Contains(fixedParameters, key) {
			errs = append(errs, field.Invalid(place.Child(key), given[key], "Can't set fixed configuration parameter"))
		}
	}
	switch level := given["wal_level"]; level {
	case "", "logical", "replica":
	case "minimal":
		errs = append(errs, field.Invalid(place.Child("wal_level"), level, "`wal_level` should be set at `logical` or `replica` when `archive_mode` is `on`, "+
			"'.instances' field is greater than 1, or this is a replica cluster"))
	default:
		errs = append(errs, field.Invalid(place.Child("wal_level"), level, "unrecognized `wal_level` value - allowed values: `logical`, `replica`, `minimal`"))
	}
	if value := given["shared_buffers"]; value != "" && postgresSize(value) == nil {
		errs = append(errs, field.Invalid(place.Child("shared_buffers"), "shared_buffers", "Invalid value for configuration parameter shared_buffers. "+
			"More info on accepted values format: https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-NAMES-VALUES"))
	}
	sizes := map[string]*resource.Quantity{}
	for key, unsaid := range map[string]string{"min_wal_size": "80MB", "max_wal_size": "1GB"} {
		if sizes[key] = postgresSize(orElse(given[key], unsaid)); sizes[key] == nil {
			errs = append(errs, field.Invalid(place.Child(key), given[key], "Invalid value for configuration parameter "+key))
		} else if c.spec.WalStorage != nil && given[key] != "" {
			if volume := c.spec.WalStorage.size(); volume != nil && sizes[key].Cmp(*volume) >= 0 {
				errs = append(errs, field.Invalid(place.Child(key), given[key],
					fmt.Sprintf("Invalid value. Parameter %s (default %s) should be smaller than WAL volume size", key, unsaid)))
			}
		}
	}
	if low, high := sizes["min_wal_size"], sizes["max_wal_size"]; low != nil && high != nil && low.Cmp(*high) >= 0 {
		errs = append(errs, field.Invalid(place.Child("min_wal_size"), orElse(given["min_wal_size"], "80MB"),
			"Invalid vale. Parameter min_wal_size (default 80MB) should be smaller than parameter max_wal_size (default 1GB)"))
	}
	return errs
}

// postgresSize is parsePostgresQuantityValue, nil for what is none.
func postgresSize(value string) *resource.Quantity {
	if _, err := strconv.Atoi(value); err == nil {
		value += "MB"
	}
	value, isSize := strings.CutSuffix(value, "B")
	if !isSize {
		return nil
	}
	value = strings.ReplaceAll(value, " ", "")
	if _, err := strconv.Atoi(value); err != nil {
		value = strings.ReplaceAll(value+"i", "ki", "Ki")
	}
	parsed, err := resource.ParseQuantity(value)
	if err != nil {
		return nil
	}
	return &parsed
}

// badResources is validateResources, but for huge pages.
func (c *cnpgCluster) badResources() (errs field.ErrorList) {
	asked, place := c.spec.Resources, at("spec", "resources", "requests")
	for name, message := range map[corev1.ResourceName]string{
		corev1.ResourceCPU: "CPU request is greater than the limit", corev1.ResourceMemory: "Memory request is greater than the limit",
		corev1.ResourceEphemeralStorage: "Ephemeral storage request is greater than the limit",
	} {
		request, limit := asked.Requests[name], asked.Limits[name]
		if !request.IsZero() && !limit.IsZero() && request.Cmp(limit) > 0 {
			child := strings.TrimPrefix(string(name), "ephemeral-")
			errs = append(errs, field.Invalid(place.Child(child), request.String(), message))
		}
	}
	memory := asked.Requests[corev1.ResourceMemory]
	if buffers := postgresSize(orElse(c.spec.Postgresql.Parameters["shared_buffers"], "0")); buffers != nil && !memory.IsZero() && buffers.Cmp(memory) > 0 {
		errs = append(errs, field.Invalid(place, memory.String(), "Memory request is lower than PostgreSQL `shared_buffers` value"))
	}
	return errs
}
