package operators

import (
	"context"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// altinityConfig is a file of the configuration, in one of the ConfigMaps.
type altinityConfig struct {
	configMap, file, text string
}

// makeConfigs makes the ConfigMaps: common settings, users, and of each host what only it has (pkg/model/{chi,chk}/creator/config_map.go).
func (a *altinity) makeConfigs(ctx context.Context) error {
	content := map[string]map[string]string{}
	for _, name := range a.commonConfigNames() {
		content[name] = map[string]string{}
	}
	for _, host := range a.hosts() {
		content[a.hostConfigName(host)] = map[string]string{}
	}
	for _, each := range a.kind.configurations(a) {
		if each.text != "" {
			content[each.configMap][each.file] = each.text
		}
	}
	for _, name := range slices.Sorted(maps.Keys(content)) {
		made := &corev1.ConfigMap{ObjectMeta: a.meta(name, a.inInstallation()), Data: content[name]}
		if err := a.own(ctx, configMaps, "ConfigMap", made); err != nil {
			return err
		}
	}
	return nil
}

func generated(section string) string { return "chop-generated-" + section + ".xml" }

// serverConfigs are files_generator.go and generator.go of pkg/model/chi/config.
func (a *altinity) serverConfigs() []altinityConfig {
	configuration := a.spec.Configuration
	common, users := a.commonConfigNames()[0], a.commonConfigNames()[1]
	made := []altinityConfig{
		{common, generated("remote_servers"), document("remote_servers", a.remoteServers())},
		{common, generated("settings"), configuration.Settings.document("CONFIGURATION_SETTINGS")},
		{users, generated("users"), document("users", configuration.Users.elements("CONFIGURATION_USERS"))},
		{users, generated("profiles"), document("profiles", configuration.Profiles.elements(""))},
		{users, generated("quotas"), document("quotas", configuration.Quotas.elements(""))},
	}
	for name, text := range configuration.Files {
		// A folder before the name says which of the ConfigMaps; without one it is everybody's.
		folder, file, isSaid := strings.Cut(name, "/")
		if !isSaid {
			folder, file = "config.d", name
		}
		if folder == "users.d" {
			made = append(made, altinityConfig{users, file, text})
		} else {
			made = append(made, altinityConfig{common, file, text})
		}
	}
	for _, host := range a.hosts() {
		name := a.hostConfigName(host)
		macros := fmt.Sprintf("<installation>%s</installation><cluster>%s</cluster><shard>%d</shard><replica>%s</replica>",
			a.name(), a.cluster().Name, host.shard, a.setName(host))
		made = append(made,
			altinityConfig{name, generated("macros"), document("macros", macros)},
			altinityConfig{name, generated("hostname-ports"), document("", "<interserver_http_host>"+a.setName(host)+"</interserver_http_host>")},
			altinityConfig{name, generated("zookeeper"), document("zookeeper", a.zookeeper())},
		)
	}
	return made
}

// keeperConfigs are the same of pkg/model/chk/config.
func (a *altinity) keeperConfigs() []altinityConfig {
	raft, common := "", a.commonConfigNames()[0]
	var made []altinityConfig
	ports := map[string]int32{}
	for _, port := range a.ports() {
		ports[port.name] = port.number
	}
	for _, host := range a.hosts() {
		raft += fmt.Sprintf("<server><id>%d</id><hostname>%s</hostname><port>%d</port></server>", host.replica, a.setName(host), ports["raft"])
		id := fmt.Sprintf("<server_id>%d</server_id>", host.replica)
		made = append(made, altinityConfig{a.hostConfigName(host), generated("server-id"), document("keeper_server", id)})
	}
	return append(made,
		altinityConfig{common, generated("raft"), document("keeper_server", "<raft_configuration>"+raft+"</raft_configuration>")},
		altinityConfig{common, generated("settings"), a.spec.Configuration.Settings.document("CONFIGURATION_SETTINGS")},
	)
}

// remoteServers is getRemoteServerClusters: by the secure port where there is one.
func (a *altinity) remoteServers() string {
	cluster := a.cluster()
	port, secure := int32(9000), 0
	for _, each := range a.ports() {
		if each.name == "secureclient" {
			port, secure = each.number, 1
		}
	}
	made := "<" + cluster.Name + ">"
	if cluster.Secret != nil {
		made += `<secret from_env="CLICKHOUSE_INTERNODE_CLUSTER_SECRET"/>`
	}
	for shard := range cluster.shards() {
		made += fmt.Sprintf("<shard><internal_replication>%t</internal_replication>", cluster.replicas() > 1)
		for replica := range cluster.replicas() {
			host := a.setName(altinityHost{shard, replica})
			made += fmt.Sprintf("<replica><host>%s</host><port>%d</port><secure>%d</secure></replica>", host, port, secure)
		}
		made += "</shard>"
	}
	return made + "</" + cluster.Name + ">"
}

func (a *altinity) zookeeper() string {
	made := ""
	for _, node := range a.spec.Configuration.Zookeeper.Nodes {
		secure := ""
		if node.Secure != "" {
			secure = map[bool]string{true: "<secure>1</secure>", false: "<secure>0</secure>"}[isYes(node.Secure, false)]
		}
		made += fmt.Sprintf("<node><host>%s</host><port>%d</port>%s</node>", node.Host, node.Port, secure)
	}
	return made
}

// document is a file of ClickHouse's configuration; empty where there is nothing in it.
func document(section, content string) string {
	if content == "" {
		return ""
	}
	if section != "" {
		content = "<" + section + ">" + content + "</" + section + ">"
	}
	return "<yandex>" + content + "</yandex>"
}

func (s altinitySettings) document(variables string) string {
	return document("", s.elements(variables))
}

// elements are settings as XML, folder by folder of their paths: a list is as many elements, `_removed_` takes away what other files say, and what is in a Secret
// comes by a variable (pkg/xml/xml.go).
func (s altinitySettings) elements(variables string) string {
	below := map[string]altinitySettings{}
	for path, value := range s {
		name, rest, _ := strings.Cut(path, "/")
		if below[name] == nil {
			below[name] = altinitySettings{}
		}
		below[name][rest] = value
	}
	var made strings.Builder
	for _, name := range slices.Sorted(maps.Keys(below)) {
		inner := below[name]
		value, isLeaf := inner[""]
		if !isLeaf {
			fmt.Fprintf(&made, "<%[1]s>%[2]s</%[1]s>", name, inner.elements(variables+"_"+name))
			continue
		}
		values, isList := value.([]any)
		if !isList {
			values = []any{value}
		}
		for _, each := range values {
			made.WriteString(element(name, each, inner.source(""), variableOf(variables, name)))
		}
	}
	return made.String()
}

func element(name string, value any, source *altinitySource, variable string) string {
	text := fmt.Sprint(value)
	switch {
	case source != nil:
		return fmt.Sprintf(`<%s from_env="%s"/>`, name, variable)
	case isNo(text):
		return fmt.Sprintf(`<%s remove="1"/>`, name)
	}
	var escaped strings.Builder
	if err := xml.EscapeText(&escaped, []byte(text)); err != nil {
		return ""
	}
	return fmt.Sprintf("<%[1]s>%[2]s</%[1]s>", name, escaped.String())
}
