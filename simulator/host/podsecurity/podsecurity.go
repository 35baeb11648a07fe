// Package podsecurity asks Kubernetes' own Pod Security checks about pods: what tests compare the policy pack with.
package podsecurity

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	kjson "sigs.k8s.io/json"
)

// question is one line of input.
type question struct {
	Level    string            `json:"level"`
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     corev1.PodSpec    `json:"spec"`
}

// answer is one line of output; Forbidden has one entry for each check that the pod does not pass, in the library's order.
type answer struct {
	Allowed   bool        `json:"allowed"`
	Forbidden []forbidden `json:"forbidden"`
}

type forbidden struct {
	Check  policy.CheckID `json:"check"`
	Reason string         `json:"reason"`
	Detail string         `json:"detail"`
}

// Main answers each line of standard input with a line on standard output. It ends with 1 at the first line that makes no sense.
func Main(args []string) int {
	if len(args) > 0 {
		fmt.Fprintln(os.Stderr, "pod-security: takes no arguments; it reads JSON lines from standard input")
		return 2
	}
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "pod-security: %v\n", err)
		return 1
	}
	return 0
}

func run(in io.Reader, out io.Writer) error {
	judge, err := newJudge()
	if err != nil {
		return err
	}
	reader, writer := bufio.NewReader(in), bufio.NewWriter(out)
	encoder := json.NewEncoder(writer)
	for number := 1; ; number++ {
		line, readErr := reader.ReadBytes('\n')
		if len(line) > 0 {
			if err := judge.answerLine(line, encoder); err != nil {
				return errors.Join(fmt.Errorf("line %d: %w", number, err), writer.Flush())
			}
		}
		if errors.Is(readErr, io.EOF) {
			return writer.Flush()
		}
		if readErr != nil {
			return readErr
		}
	}
}

// judge is the library's evaluator with checks that note, besides answering, which of them forbade the pod: the evaluator itself decides
// which checks a level and a version consist of, but its results do not say whose they are.
type judge struct {
	evaluator policy.Evaluator
	noted     []forbidden
}

func newJudge() (*judge, error) {
	judge := &judge{}
	checks := policy.DefaultChecks()
	for _, check := range checks {
		for i := range check.Versions {
			check.Versions[i].CheckPod = judge.noting(check.ID, check.Versions[i].CheckPod)
		}
	}
	evaluator, err := policy.NewEvaluator(checks, nil)
	judge.evaluator = evaluator
	return judge, err
}

func (j *judge) noting(id policy.CheckID, check policy.CheckPodFn) policy.CheckPodFn {
	return func(metadata *metav1.ObjectMeta, spec *corev1.PodSpec) policy.CheckResult {
		result := check(metadata, spec)
		if !result.Allowed {
			j.noted = append(j.noted, forbidden{Check: id, Reason: result.ForbiddenReason, Detail: result.ForbiddenDetail})
		}
		return result
	}
}

func (j *judge) answerLine(line []byte, encoder *json.Encoder) error {
	var asked question
	// A field that Kubernetes does not have is a mistake of whoever asks: the answer would be about another pod.
	strict, err := kjson.UnmarshalStrict(line, &asked)
	if err := errors.Join(append(strict, err)...); err != nil {
		return err
	}
	level, err := api.ParseLevel(asked.Level)
	if err != nil {
		return fmt.Errorf("level %q %w", asked.Level, err)
	}
	return encoder.Encode(j.answer(level, &asked))
}

func (j *judge) answer(level api.Level, asked *question) answer {
	j.noted = []forbidden{} // an empty list in JSON, not null
	version := api.LevelVersion{Level: level, Version: api.LatestVersion()}
	results := j.evaluator.EvaluatePod(version, &asked.Metadata, &asked.Spec)
	return answer{Allowed: policy.AggregateCheckResults(results).Allowed, Forbidden: j.noted}
}
