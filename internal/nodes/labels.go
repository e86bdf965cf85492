package nodes

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// maxLength is the maximum length of the key and the value of a label or a taint (EKS API Reference, CreateNodegroup
// and Taint). EKS counts the prefix of a key; Kubernetes does not.
const maxLength = 63

// name matches the syntax of a key without its prefix, and of a value; keyForm also accepts a DNS subdomain as a prefix
// (Kubernetes, "Labels and Selectors").
const (
	name  = `[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?`
	label = `[a-z0-9]([a-z0-9-]*[a-z0-9])?`
)

var (
	keyForm   = regexp.MustCompile(`^(` + label + `(\.` + label + `)*/)?` + name + `$`)
	valueForm = regexp.MustCompile(`^` + name + `$`)
)

// badKey returns the reason why Kubernetes or EKS refuses the key of a label or a taint, or "". EKS reserves prefixes
// (aws/containers-roadmap#1451).
func badKey(key string) string {
	reserved := []string{"kubernetes.io/", "k8s.io/", "eks.amazonaws.com/"}

	switch {
	case len(key) > maxLength || !keyForm.MatchString(key):
		return fmt.Sprintf("a key of at most %d characters: letters, digits, - _ . and a letter or digit at both ends, "+
			"after an optional domain and a /", maxLength)
	case slices.ContainsFunc(reserved, func(prefix string) bool { return strings.HasPrefix(key, prefix) }):
		return "another key: EKS reserves " + strings.Join(reserved, ", ")
	}

	return ""
}

// badValue returns the reason why Kubernetes refuses the value of a label or a taint, or "".
func badValue(value string) string {
	if len(value) <= maxLength && valueForm.MatchString(value) {
		return ""
	}

	return fmt.Sprintf("a value of 1 to %d characters: letters, digits, - _ . and a letter or digit at both ends",
		maxLength)
}

// unregistered returns the reason why a kubelet refuses to start with the label, or "". Within kubernetes.io and
// k8s.io, a kubelet sets only its own labels and those of two namespaces (kubelet reference, --node-labels). Nodes with
// any other label never join (aws/containers-roadmap#2465).
func unregistered(key string) string {
	domain, _, _ := strings.Cut(key, "/")
	within := func(parent string) bool { return strings.HasSuffix("."+domain, "."+parent) }

	if domain == key || !within("kubernetes.io") && !within("k8s.io") ||
		within("node.kubernetes.io") || within("kubelet.kubernetes.io") {
		return ""
	}

	return "another key: a node cannot give itself labels of " + domain + ", and never joins; " +
		"the prefix node.kubernetes.io/ is allowed"
}

var notInValues = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

// validValue returns the valid value that resembles the given one, or "" if nothing valid remains.
func validValue(value string) string {
	value = strings.TrimLeft(notInValues.ReplaceAllString(value, "-"), "-_.")

	return strings.TrimRight(value[:min(len(value), maxLength)], "-_.")
}

// validKey is validValue for the key of a taint, or of a label. It keeps the prefix if EKS accepts it.
func validKey(key string) string {
	domain, rest, prefixed := strings.Cut(key, "/")
	if !prefixed {
		return validValue(key)
	}

	rest = validValue(rest)
	if with := domain + "/" + rest; badKey(with) == "" {
		return with
	}

	return rest
}

// validLabel is validKey for a label that a node can give itself.
func validLabel(key string) string {
	key = validKey(key)
	if unregistered(key) == "" {
		return key
	}

	return validKey("node.kubernetes.io/" + key[strings.Index(key, "/")+1:])
}

// CheckLabels returns all mistakes in labels, which a kubelet gives its own node. The paths start with "labels".
func CheckLabels(labels map[string]string) []Problem {
	var problems []Problem

	for _, key := range slices.Sorted(maps.Keys(labels)) {
		reason := cmp.Or(badKey(key), unregistered(key), badValue(labels[key]))
		if reason == "" {
			continue
		}

		problem := Problem{Path: fmt.Sprintf("labels[%q]", key), Expected: reason}
		problem.Example = cmp.Or(validValue(labels[key]), "present")

		if valid := validLabel(key); valid != key {
			problem.Key = valid
			if _, taken := labels[valid]; taken || valid == "" {
				problem.Key, problem.Example = "", ""
			}
		}

		problems = append(problems, problem)
	}

	return problems
}

// CheckTaints returns all mistakes in taints. The paths start with "taints".
func CheckTaints(taints []Taint) []Problem {
	var problems []Problem

	for i, taint := range taints {
		at := fmt.Sprintf("taints[%d]", i)

		// Kubernetes identifies a taint by its key and its effect (core validation of Node).
		if slices.ContainsFunc(taints[:i], func(other Taint) bool {
			return other.Key == taint.Key && other.Effect == taint.Effect
		}) {
			problems = append(problems, Problem{
				Path: at, Expected: "a taint with another key or another effect than an earlier one",
			})

			continue
		}

		if reason := badKey(taint.Key); reason != "" {
			problems = append(problems, Problem{
				Path: at + ".key", Expected: reason, Example: cmp.Or(validKey(taint.Key), "dedicated"),
			})
		}

		if reason := badValue(taint.Value); reason != "" && taint.Value != "" {
			problems = append(problems, Problem{
				Path: at + ".value", Expected: reason, Example: validValue(taint.Value),
			})
		}

		if !slices.Contains(Effects(), taint.Effect) {
			problems = append(problems, Problem{
				Path: at + ".effect", Expected: OneOf(Effects()), Example: string(NoSchedule),
			})
		}
	}

	return problems
}
