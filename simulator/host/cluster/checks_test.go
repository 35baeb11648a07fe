//go:build unix

package cluster_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// canary is a secret value looked for where it must not be.
const canary = "canary-7c1f0c1e5b"

func checkNodes(t *testing.T, client kubernetes.Interface) {
	node, err := client.CoreV1().Nodes().Get(background, "a", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"kubernetes.io/hostname": "a", "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", "topology.kubernetes.io/region": "r",
		"topology.kubernetes.io/zone": "r-1", "node.kubernetes.io/instance-type": "m", "role": "general",
	} {
		if node.Labels[key] != want {
			t.Errorf("label %s: %q, want %q", key, node.Labels[key], want)
		}
	}
	if node.Status.Capacity.Cpu().String() != "8" || node.Status.Allocatable.Cpu().String() != "7910m" {
		t.Errorf("cpu: %s of %s", node.Status.Allocatable.Cpu(), node.Status.Capacity.Cpu())
	}
	tainted, err := client.CoreV1().Nodes().Get(background, "b", metav1.GetOptions{})
	if err != nil || len(tainted.Spec.Taints) != 1 || tainted.Spec.Taints[0].Key != "gpu" {
		t.Errorf("taints: %v, %v", tainted.Spec.Taints, err)
	}
}

func podSpec(containers ...string) corev1.PodSpec {
	made := corev1.PodSpec{}
	for _, name := range containers {
		made.Containers = append(made.Containers, corev1.Container{Name: name, Image: "example.com/" + name + ":1.0.0"})
	}
	return made
}

func checkWorkload(t *testing.T, client kubernetes.Interface) {
	claim := &corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Name: "data"}, Spec: corev1.PersistentVolumeClaimSpec{
		AccessModes: []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce},
		Resources:   corev1.VolumeResourceRequirements{Requests: corev1.ResourceList{corev1.ResourceStorage: resource.MustParse("1Gi")}},
	}}
	claims := client.CoreV1().PersistentVolumeClaims("default")
	if _, err := claims.Create(background, claim, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	pod := podSpec("web")
	pod.Volumes = []corev1.Volume{{Name: "data", VolumeSource: corev1.VolumeSource{
		PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "data"}}}}
	labels := map[string]string{"app": "web"}
	replicas := int32(1)
	deployment := &appsv1.Deployment{ObjectMeta: metav1.ObjectMeta{Name: "web"}, Spec: appsv1.DeploymentSpec{
		Replicas: &replicas, Selector: &metav1.LabelSelector{MatchLabels: labels},
		Template: corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels}, Spec: pod},
	}}
	if _, err := client.AppsV1().Deployments("default").Create(background, deployment, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the deployment", func() error {
		found, err := client.AppsV1().Deployments("default").Get(background, "web", metav1.GetOptions{})
		if err == nil && found.Status.ReadyReplicas != 1 {
			err = fmt.Errorf("%+v", found.Status)
		}
		return err
	})
	bound, err := claims.Get(background, "data", metav1.GetOptions{})
	if err != nil || bound.Status.Phase != corev1.ClaimBound {
		t.Fatalf("claim: %v, %v", bound.Status, err)
	}
	checkDisk(t, client, bound)
}

// checkDisk follows a disk to its end: it stands in the zone of its pod, grows, and goes with its claim.
func checkDisk(t *testing.T, client kubernetes.Interface, claim *corev1.PersistentVolumeClaim) {
	t.Helper()
	volumes := client.CoreV1().PersistentVolumes()
	volume, err := volumes.Get(background, claim.Spec.VolumeName, metav1.GetOptions{})
	if err != nil || !strings.Contains(volume.Spec.NodeAffinity.String(), "r-1") {
		t.Fatalf("volume: %v, %v", volume.Spec.NodeAffinity, err)
	}
	claims := client.CoreV1().PersistentVolumeClaims("default")
	claim.Spec.Resources.Requests[corev1.ResourceStorage] = resource.MustParse("2Gi")
	if _, err := claims.Update(background, claim, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "growth", func() error {
		grown, err := claims.Get(background, "data", metav1.GetOptions{})
		if err == nil && grown.Status.Capacity.Storage().String() != "2Gi" {
			err = fmt.Errorf("still %s", grown.Status.Capacity.Storage())
		}
		return err
	})
	if err := client.AppsV1().Deployments("default").Delete(background, "web", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := claims.Delete(background, "data", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the end of the disk", func() error {
		_, err := volumes.Get(background, volume.Name, metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return nil
		}
		return errors.Join(errors.New("the volume is still there"), err)
	})
}

func checkInitOrder(t *testing.T, client kubernetes.Interface) {
	spec := podSpec("main")
	always := corev1.ContainerRestartPolicyAlways
	spec.InitContainers = podSpec("first", "sidecar", "second").Containers
	spec.InitContainers[1].RestartPolicy = &always
	pods := client.CoreV1().Pods("default")
	created, err := pods.Create(background, &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "ordered"}, Spec: spec}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	limited, cancel := context.WithTimeout(background, patience)
	defer cancel()
	changes, err := pods.Watch(limited, metav1.ListOptions{FieldSelector: "metadata.name=ordered", ResourceVersion: created.ResourceVersion})
	if err != nil {
		t.Fatal(err)
	}
	defer changes.Stop()
	checkEveryState(t, changes.ResultChan())
	if err := pods.Delete(background, "ordered", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
}

// checkEveryState reads each state the pod goes through until it is ready: looking now and then could miss the wrong one.
func checkEveryState(t *testing.T, changes <-chan watch.Event) {
	t.Helper()
	for change := range changes {
		pod, isPod := change.Object.(*corev1.Pod)
		if !isPod {
			t.Fatalf("watch: %+v", change.Object)
		}
		states := pod.Status.InitContainerStatuses
		if len(states) == 3 && states[2].State.Waiting == nil && (states[0].State.Terminated == nil || states[1].State.Running == nil) {
			t.Fatalf("the second began before the first ended and the sidecar ran: %+v", states)
		}
		if podReady(pod) {
			if states[1].State.Running == nil || states[2].State.Terminated == nil {
				t.Errorf("a ready pod has init containers %+v", states)
			}
			return
		}
	}
	t.Fatal("the pod never was ready")
}

func checkJob(t *testing.T, client kubernetes.Interface) {
	spec := podSpec("work")
	spec.RestartPolicy = corev1.RestartPolicyNever
	job := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{Name: "once"}, Spec: batchv1.JobSpec{Template: corev1.PodTemplateSpec{Spec: spec}}}
	if _, err := client.BatchV1().Jobs("default").Create(background, job, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the job", func() error {
		found, err := client.BatchV1().Jobs("default").Get(background, "once", metav1.GetOptions{})
		if err == nil && found.Status.Succeeded != 1 {
			err = fmt.Errorf("%+v", found.Status)
		}
		return err
	})
}

func checkAddresses(t *testing.T, client kubernetes.Interface) {
	service := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "front"}, Spec: corev1.ServiceSpec{
		Type: corev1.ServiceTypeLoadBalancer, Ports: []corev1.ServicePort{{Port: 80}}}}
	if _, err := client.CoreV1().Services("default").Create(background, service, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	class := "nginx"
	backend := networkingv1.IngressBackend{Service: &networkingv1.IngressServiceBackend{Name: "front", Port: networkingv1.ServiceBackendPort{Number: 80}}}
	ingress := &networkingv1.Ingress{ObjectMeta: metav1.ObjectMeta{Name: "front"}, Spec: networkingv1.IngressSpec{
		IngressClassName: &class, DefaultBackend: &backend}}
	if _, err := client.NetworkingV1().Ingresses("default").Create(background, ingress, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "addresses", func() error {
		if address := balancerAddress(t, client); !strings.HasPrefix(address, "198.51.100.") {
			return fmt.Errorf("service has %q", address)
		}
		found, err := client.NetworkingV1().Ingresses("default").Get(background, "front", metav1.GetOptions{})
		if err == nil && (len(found.Status.LoadBalancer.Ingress) != 1 || !strings.HasPrefix(found.Status.LoadBalancer.Ingress[0].IP, "192.0.2.")) {
			err = fmt.Errorf("ingress has %+v", found.Status)
		}
		return err
	})
}

func balancerAddress(t *testing.T, client kubernetes.Interface) string {
	t.Helper()
	service, err := client.CoreV1().Services("default").Get(background, "front", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, ingress := range service.Status.LoadBalancer.Ingress {
		return ingress.IP
	}
	return ""
}

func checkAnonymous(t *testing.T, config *rest.Config) {
	anonymous := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	for _, path := range []string{"/api", "/version", "/readyz", "/healthz", "/openapi/v2"} {
		response, err := anonymous.Get(config.Host + path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: anonymous got %s", path, response.Status)
		}
	}
}

// checkListeners reads the kernel's tables of listening sockets and keeps those of the cluster's processes.
func checkListeners(t *testing.T, pids []int) {
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc, which only Linux has")
	}
	found := 0
	for _, pid := range pids {
		sockets := socketsOf(t, pid)
		for _, table := range []string{"tcp", "tcp6"} {
			content, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, table))
			if errors.Is(err, fs.ErrNotExist) {
				continue // no IPv6
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range strings.Split(string(content), "\n")[1:] {
				fields := strings.Fields(row)
				if len(fields) < 10 || fields[3] != "0A" || !slices.Contains(sockets, "socket:["+fields[9]+"]") {
					continue
				}
				found++
				if address := addressOf(t, fields[1]); !address.IsLoopback() {
					t.Errorf("process %d listens on %s", pid, address)
				}
			}
		}
	}
	if found != 3 { // API server, etcd for clients and for peers
		t.Errorf("%d listening sockets, want 3", found)
	}
}

func socketsOf(t *testing.T, pid int) []string {
	t.Helper()
	folder := fmt.Sprintf("/proc/%d/fd", pid)
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var sockets []string
	for _, entry := range entries {
		if target, err := os.Readlink(filepath.Join(folder, entry.Name())); err == nil { // a descriptor may close meanwhile
			sockets = append(sockets, target)
		}
	}
	return sockets
}

// addressOf reads "0100007F:1F90": the address in the machine's byte order, word by word.
func addressOf(t *testing.T, text string) net.IP {
	t.Helper()
	raw, err := hex.DecodeString(strings.Split(text, ":")[0])
	if err != nil {
		t.Fatal(err)
	}
	for word := 0; word < len(raw); word += 4 {
		slices.Reverse(raw[word : word+4])
	}
	return net.IP(raw)
}

func checkSecondRun(t *testing.T, dir string) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	second := exec.Command(self, "run", "--dir", dir, "--spec", filepath.Join(filepath.Dir(dir), "spec.json"))
	second.Args[0] = "cluster"
	stdin, err := second.StdinPipe() // held open: the leash must not be what ends it
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	out, err := second.Output()
	if err == nil || second.ProcessState.ExitCode() != 1 || !bytes.Contains(out, []byte("another cluster")) {
		t.Errorf("%v: %s", err, out)
	}
}

func checkEncryption(t *testing.T, client kubernetes.Interface, dir string) {
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "hidden"}, StringData: map[string]string{"value": canary}}
	if _, err := client.CoreV1().Secrets("default").Create(background, secret, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	plain := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "open"}, Data: map[string]string{"value": "open-" + "7c1f0c1e5b"}}
	if _, err := client.CoreV1().ConfigMaps("default").Create(background, plain, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	sawOpen := false
	for _, folder := range []string{"etcd", "logs"} {
		err := filepath.WalkDir(filepath.Join(dir, folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			if bytes.Contains(content, []byte(canary)) {
				t.Errorf("%s holds the secret in the clear", path)
			}
			sawOpen = sawOpen || bytes.Contains(content, []byte("open-7c1f0c1e5b"))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if !sawOpen {
		t.Error("not even the ConfigMap was found: the search looks in the wrong place")
	}
}

func checkModes(t *testing.T, dir string) {
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %s", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkRestart(t *testing.T, dir string, old *rest.Config) {
	again := launch(t, dir)
	client := clientOf(t, again.ready(t))
	secret, err := client.CoreV1().Secrets("default").Get(background, "hidden", metav1.GetOptions{})
	if err != nil || string(secret.Data["value"]) != canary {
		t.Errorf("secret: %v", err)
	}
	if address := balancerAddress(t, client); address == "" {
		t.Error("the service lost its address")
	}
	forged := rest.CopyConfig(old)
	forged.Host = again.host(t)
	forged.CAData, forged.Insecure = nil, true
	if _, err := clientOf(t, forged).CoreV1().Nodes().List(background, metav1.ListOptions{}); !apierrors.IsUnauthorized(err) {
		t.Errorf("a certificate of the run before is still good: %v", err)
	}
}
