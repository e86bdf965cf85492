package schema

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// anyCase is the comparison that ignores the case of letters.
const anyCase = "anyCase"

// Comparisons bring strings into a form in which equal ones are the same.
func Comparisons() map[string]func(string) string {
	return map[string]func(string) string{
		anyCase:           strings.ToLower,
		"boolean":         func(text string) string { return cmp.Or(text, "false") },
		"json":            Document,
		"domain":          func(text string) string { return strings.ToLower(strings.TrimSuffix(text, ".")) },
		"key":             func(text string) string { return text[strings.LastIndex(text, "/")+1:] },
		"lifecyclePolicy": func(text string) string { return document(text, sortRules) },
		"network":         network,
		"policy":          func(text string) string { return document(text, simplePolicy) },
		"protocol":        protocol,
		"trailingDot":     func(text string) string { return strings.TrimSuffix(text, ".") },
		"url":             func(text string) string { return strings.TrimPrefix(text, "https://") },
	}
}

// protocol is the name of an IP protocol (ec2/vpc_security_group.go, ProtocolForValue).
func protocol(text string) string {
	text = strings.ToLower(text)
	names := map[string]string{"all": "-1", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}

	return cmp.Or(names[text], text)
}

func network(text string) string {
	block, err := netip.ParsePrefix(text)
	if err != nil {
		return text
	}

	return block.Masked().String()
}

// Document is JSON with sorted keys and without white space; any other text is unchanged.
func Document(text string) string {
	return document(text, func(parsed any) any { return parsed })
}

// document is Document for a simplified value.
func document(text string, simplify func(any) any) string {
	var parsed any
	if json.Unmarshal([]byte(text), &parsed) != nil {
		return text
	}

	encoded, err := json.Marshal(simplify(parsed))
	if err != nil {
		return text
	}

	return string(encoded)
}

// simplePolicy is a policy document in which a list is sorted, and one element stands for a list of it
// (hashicorp/awspolicyequivalence).
func simplePolicy(value any) any {
	switch value := value.(type) {
	case map[string]any:
		if principal, only := value["AWS"]; only && len(value) == 1 && principal == "*" {
			return "*"
		}

		result := map[string]any{}
		for name, member := range value {
			result[name] = simplePolicy(member)
		}

		return result
	case []any:
		return sorted(value, simplePolicy)
	case bool, float64:
		return fmt.Sprint(value)
	}

	return value
}

// sorted is a list in the order of its simple elements, or its only element.
func sorted(values []any, simplify func(any) any) any {
	result := make([]any, len(values))
	for i, value := range values {
		result[i] = simplify(value)
	}

	slices.SortFunc(result, func(a, b any) int { return strings.Compare(encode(a), encode(b)) })

	if len(result) == 1 {
		return result[0]
	}

	return result
}

func encode(value any) string {
	encoded, err := json.Marshal(value)
	if err != nil {
		return ""
	}

	return string(encoded)
}

// sortRules is a lifecycle policy whose lists are sorted: the order of rules and tags means nothing.
func sortRules(value any) any {
	switch value := value.(type) {
	case map[string]any:
		result := map[string]any{}
		for name, member := range value {
			result[name] = sortRules(member)
		}

		return result
	case []any:
		return []any{sorted(value, sortRules)}
	}

	return value
}

// canonical is a value in the form of its comparison.
func (p *Property) canonical(value resource.PropertyValue) resource.PropertyValue {
	if p.Equal == "" || !value.IsString() {
		return value
	}

	return resource.NewStringProperty(Comparisons()[p.Equal](value.StringValue()))
}
