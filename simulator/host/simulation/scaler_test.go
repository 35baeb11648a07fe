package simulation

import (
	"fmt"
	"maps"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"

	"tars-platform/simulator/host/spec"
)

// scene is a view of given objects.
func scene(t *testing.T, objects ...runtime.Object) (*view, *fake.Clientset) {
	t.Helper()
	client := fake.NewClientset(objects...)
	factory := informers.NewSharedInformerFactory(client, 0)
	made := newView(factory)
	factory.Start(t.Context().Done())
	factory.WaitForCacheSync(t.Context().Done())
	if err := made.look(); err != nil {
		t.Fatal(err)
	}
	return made, client
}

// homeless is a pod that the scheduler found no place for.
func homeless(name, cpu string, change ...func(*corev1.Pod)) *corev1.Pod {
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "n", UID: types.UID(name), Labels: map[string]string{"app": "web"}},
		Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "c", Resources: corev1.ResourceRequirements{
			Requests: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse(cpu)}}}}},
		Status: corev1.PodStatus{Conditions: []corev1.PodCondition{
			{Type: corev1.PodScheduled, Status: corev1.ConditionFalse, Reason: corev1.PodReasonUnschedulable}}},
	}
	for _, each := range change {
		each(pod)
	}
	return pod
}

func wantsGPU(pod *corev1.Pod) {
	pod.Spec.Containers[0].Resources.Requests["nvidia.com/gpu"] = resource.MustParse("1")
	pod.Spec.Tolerations = []corev1.Toleration{{Key: "nvidia.com/gpu", Operator: corev1.TolerationOpExists}}
}

func keepsApart(pod *corev1.Pod) {
	pod.Spec.Affinity = &corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{RequiredDuringSchedulingIgnoredDuringExecution: []corev1.PodAffinityTerm{
		{TopologyKey: corev1.LabelHostname, LabelSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"app": "web"}}}}}}
}

func likesSpot(pod *corev1.Pod) {
	pod.Spec.Tolerations = []corev1.Toleration{{Key: "spot", Operator: corev1.TolerationOpExists}}
	pod.Spec.Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{PreferredDuringSchedulingIgnoredDuringExecution: []corev1.PreferredSchedulingTerm{
		{Weight: 50, Preference: corev1.NodeSelectorTerm{MatchExpressions: []corev1.NodeSelectorRequirement{
			{Key: "node-type", Operator: corev1.NodeSelectorOpIn, Values: []string{"spot"}}}}}}}}
}

func inZone(zone string) func(*corev1.Pod) {
	return func(pod *corev1.Pod) { pod.Spec.NodeSelector = map[string]string{corev1.LabelTopologyZone: zone} }
}

func withClaim(pod *corev1.Pod) {
	pod.Spec.Volumes = []corev1.Volume{{Name: "d", VolumeSource: corev1.VolumeSource{
		PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "data"}}}}
}

// disk is a claim with a disk in a zone.
func disk(zone string) []runtime.Object {
	class := &storageClass{zone: zone}
	return []runtime.Object{class.claim(), class.volume()}
}

func testPools() map[string]*spec.Pool {
	gpu, spot := sized(0, 0, 2, "a", "b"), sized(0, 0, 3, "a", "b")
	gpu.Name, gpu.Devices, gpu.Labels = "gpu", map[string]int64{"nvidia.com/gpu": 1}, map[string]string{"node-type": "gpu"}
	gpu.Taints = []corev1.Taint{{Key: "nvidia.com/gpu", Value: "present", Effect: corev1.TaintEffectNoSchedule}}
	spot.Name, spot.Labels = "spot", map[string]string{"node-type": "spot"}
	spot.Taints = []corev1.Taint{{Key: "spot", Effect: corev1.TaintEffectNoSchedule}}
	return map[string]*spec.Pool{"general": sized(0, 0, 3, "a", "b"), "gpu": gpu, "spot": spot}
}

func TestScalerAddsWhatPodsNeed(t *testing.T) {
	for does, c := range map[string]struct {
		objects []runtime.Object
		lost    map[string]bool
		want    map[string]int
	}{
		"a plain pod takes a general node":             {[]runtime.Object{homeless("p", "1")}, nil, map[string]int{"general/a": 1}},
		"a batch shares a node":                        {[]runtime.Object{homeless("p", "1"), homeless("q", "1"), homeless("r", "1")}, nil, map[string]int{"general/a": 1}},
		"what does not fit takes another":              {[]runtime.Object{homeless("p", "3"), homeless("q", "3")}, nil, map[string]int{"general/a": 1, "general/b": 1}},
		"pods that keep apart take a node each":        {[]runtime.Object{homeless("p", "1", keepsApart), homeless("q", "1", keepsApart)}, nil, map[string]int{"general/a": 1, "general/b": 1}},
		"a device brings its pool up from nothing":     {[]runtime.Object{homeless("p", "1", wantsGPU)}, nil, map[string]int{"gpu/a": 1}},
		"a wish decides between what fits":             {[]runtime.Object{homeless("p", "1", likesSpot)}, nil, map[string]int{"spot/a": 1}},
		"a selected zone is kept":                      {[]runtime.Object{homeless("p", "1", inZone("b"))}, nil, map[string]int{"general/b": 1}},
		"a disk decides the zone":                      {append(disk("b"), homeless("p", "1", withClaim)), nil, map[string]int{"general/b": 1}},
		"a disk in a lost zone cannot be helped":       {append(disk("b"), homeless("p", "1", withClaim)), map[string]bool{"b": true}, map[string]int{}},
		"nothing is added in a lost zone":              {[]runtime.Object{homeless("p", "1")}, map[string]bool{"a": true}, map[string]int{"general/b": 1}},
		"what fits no machine is left":                 {[]runtime.Object{homeless("p", "40")}, nil, map[string]int{}},
		"a pod that is not refused is left":            {[]runtime.Object{homeless("p", "1", func(pod *corev1.Pod) { pod.Status.Conditions = nil })}, nil, map[string]int{}},
		"the maximum holds":                            {many(9, "3"), nil, map[string]int{"general/a": 2, "general/b": 1}},
		"what runs on every node takes its room there": {[]runtime.Object{homeless("p", "3500m"), daemon("1")}, nil, map[string]int{}},
	} {
		t.Run(does, func(t *testing.T) {
			v, _ := scene(t, c.objects...)
			if got := grown(t, newScaler(v), testPools(), c.lost, map[string]*poolPlan{}); !maps.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// grown lets the scaler look once and tells how many nodes each pool has where.
func grown(t *testing.T, s *scaler, pools map[string]*spec.Pool, lost map[string]bool, plans map[string]*poolPlan) map[string]int {
	t.Helper()
	wanted := &wanted{pools: pools, lost: lost}
	for name, pool := range wanted.pools {
		plans[name] = plans[name].follow(pool, lost)
	}
	if err := s.grow(wanted, plans); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for name, plan := range plans {
		for zone, count := range plan.Zones {
			if count > 0 {
				counts[name+"/"+zone] = count
			}
		}
	}
	return counts
}

func TestScalerWaitsForNodesOnTheirWayAndGivesUpInTheEnd(t *testing.T) {
	v, _ := scene(t, homeless("p", "3"))
	s, plans := newScaler(v), map[string]*poolPlan{}
	now := time.Now()
	s.now = func() time.Time { return now }
	pools := map[string]*spec.Pool{"general": sized(0, 0, 9, "a", "b")}
	expect := func(when string, want int) {
		t.Helper()
		grown(t, s, pools, nil, plans)
		if got := plans["general"].total(); got != want {
			t.Fatalf("%s: %d nodes, want %d", when, got, want)
		}
	}
	for range 3 {
		expect("the node is planned and not there", 1)
	}
	comeUp(t, s, pools["general"], plans)
	expect("the node is new", 1)
	now = now.Add(2 * freshFor)
	expect("the node is old and did not help", 2)
	for range 5 {
		comeUp(t, s, pools["general"], plans)
		now = now.Add(2 * freshFor)
		grown(t, s, pools, nil, plans)
	}
	expect("one node a zone and one more were tried", len(pools["general"].Zones)+mostTries)
}

// comeUp makes all nodes that are planned.
func comeUp(t *testing.T, s *scaler, pool *spec.Pool, plans map[string]*poolPlan) {
	t.Helper()
	number := 0
	for _, zone := range pool.Zones {
		for range plans[pool.Name].Zones[zone] {
			number++
			node, err := pooledNode(pool, pool.Machine(number, zone), "")
			if err != nil {
				t.Fatal(err)
			}
			s.view.expect(node)
		}
	}
}

func many(count int, cpu string) []runtime.Object {
	var pods []runtime.Object
	for i := range count {
		pods = append(pods, homeless(fmt.Sprintf("p%d", i), cpu))
	}
	return pods
}

func TestScalerRemovesWhatStaysEmptyAboveTheMinimum(t *testing.T) {
	s := newFleetScene(t, nil)
	s.write(t, "pools/general.json", sized(1, 2, 3, "a", "b"))
	s.until(t, "general-1 a", "general-2 b")
	pod := homeless("p", "1")
	pod.Spec.NodeName = "general-1"
	if _, err := s.client.CoreV1().Pods("n").Create(t.Context(), pod, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	for len(s.view.podsOn("general-1")) == 0 {
		s.until(t, "general-1 a", "general-2 b")
	}
	s.scaler.now = func() time.Time { return time.Now().Add(idleFor + time.Minute) }
	s.until(t, "general-1 a")
	if err := s.client.CoreV1().Pods("n").Delete(t.Context(), "p", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	for len(s.view.podsOn("general-1")) > 0 {
		s.until(t, "general-1 a")
	}
	s.scaler.now = func() time.Time { return time.Now().Add(3 * idleFor) }
	for range 3 {
		s.until(t, "general-1 a") // the minimum stays
	}
}
