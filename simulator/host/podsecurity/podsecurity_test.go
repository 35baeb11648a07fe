package podsecurity

import (
	"strings"
	"testing"
)

const restricted = `{"securityContext":{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}},` +
	`"containers":[{"name":"a","securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}}]}`

func TestRunNamesTheChecksThatForbid(t *testing.T) {
	cases := []struct{ name, line, answer string }{
		{"nothing", `{"level":"restricted","metadata":{},"spec":` + restricted + `}`, `{"allowed":true,"forbidden":[]}`},
		{
			"a check of the level below",
			`{"level":"restricted","spec":` + strings.Replace(restricted, `{`, `{"hostPID":true,`, 1) + `}`,
			`{"allowed":false,"forbidden":[{"check":"hostNamespaces","reason":"host namespaces","detail":"hostPID=true"}]}`,
		},
		{
			"a stricter check in place of the one below",
			`{"level":"restricted","spec":` + strings.Replace(restricted, `"drop"`, `"add":["SYS_ADMIN"],"drop"`, 1) + `}`,
			`{"allowed":false,"forbidden":[{"check":"capabilities_restricted","reason":"unrestricted capabilities",` +
				`"detail":"container \"a\" must not include \"SYS_ADMIN\" in securityContext.capabilities.add"}]}`,
		},
		{"baseline asks less", `{"level":"baseline","spec":{"containers":[{"name":"a"}]}}`, `{"allowed":true,"forbidden":[]}`},
		{
			"a check of the latest version",
			`{"level":"baseline","spec":{"containers":[{"name":"a","livenessProbe":{"httpGet":{"host":"b","port":1}}}]}}`,
			`{"allowed":false,"forbidden":[{"check":"hostProbesAndHostLifecycle","reason":"probe or lifecycle host",` +
				`"detail":"container \"a\" uses probe or lifecycle host \"b\""}]}`,
		},
		{
			"an annotation",
			`{"level":"baseline","metadata":{"annotations":{"container.apparmor.security.beta.kubernetes.io/a":"unconfined"}},"spec":{"containers":[]}}`,
			`{"allowed":false,"forbidden":[{"check":"appArmorProfile","reason":"forbidden AppArmor profile",` +
				`"detail":"annotation must not set AppArmor profile type to \"container.apparmor.security.beta.kubernetes.io/a=\"unconfined\"\""}]}`,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			// Twice, the second without an end of line: no answer may leak into the next, none may be lost.
			if err := run(strings.NewReader(c.line+"\n"+c.line), &out); err != nil {
				t.Fatal(err)
			}
			if want := c.answer + "\n" + c.answer + "\n"; out.String() != want {
				t.Errorf("got  %swant %s", out.String(), want)
			}
		})
	}
}

func TestRunRefusesWhatItWouldMisread(t *testing.T) {
	cases := []struct{ name, line, problem string }{
		{"no JSON", `{`, "unexpected end"},
		{"another level", `{"level":"strict","spec":{}}`, `level "strict" must be one of`},
		{"an unknown field", `{"level":"baseline","spec":{"hostPid":true}}`, `unknown field "spec.hostPid"`},
		{"a wrong type", `{"level":"baseline","spec":{"hostPID":"true"}}`, "cannot unmarshal"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			good := `{"level":"baseline","spec":{}}` + "\n"
			err := run(strings.NewReader(good+c.line+"\n"), &strings.Builder{})
			if err == nil || !strings.Contains(err.Error(), "line 2: ") || !strings.Contains(err.Error(), c.problem) {
				t.Errorf("got %v, want line 2 and %q", err, c.problem)
			}
		})
	}
}
