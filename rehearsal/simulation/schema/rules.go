package schema

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// notSimulated stands for the expectation of a rule that is the simulation's, not the provider's.
const notSimulated = "a simulated value"

// valueRule is a rule about one value. It describes the expectation that the value does not meet, or returns "".
type valueRule struct {
	key     string
	expects func(*Property, resource.PropertyValue) string
}

func valueRules() []valueRule {
	return []valueRule{
		{"only", expectSimulated},
		{"enum", expectEnum},
		{"length", expectLength},
		{"range", expectRange},
		{"items", expectItems},
		{"prefix", expectPrefix},
		{"pattern", expectPattern},
		{"not", expectNone},
		{"format", expectFormat},
	}
}

func expectSimulated(p *Property, value resource.PropertyValue) string {
	return unless(p.Only == nil || listed(p.Only, value, false), notSimulated)
}

func expectEnum(p *Property, value resource.PropertyValue) string {
	return unless(p.Enum == nil || listed(p.Enum, value, p.Equal == anyCase), "one of "+list(p.Enum))
}

func expectRange(p *Property, value resource.PropertyValue) string {
	if !p.Range.given() || !value.IsNumber() || listed(p.Also, value, false) {
		return ""
	}

	return unless(p.Range.contain(value.NumberValue()), p.Range.String())
}

// expectItems counts elements. A list that is not wholly known can have another length in the end.
func expectItems(p *Property, value resource.PropertyValue) string {
	if !p.Items.given() || !value.IsArray() || value.ContainsUnknowns() {
		return ""
	}

	return unless(p.Items.contain(float64(len(value.ArrayValue()))), p.Items.String()+" elements")
}

func expectPattern(p *Property, value resource.PropertyValue) string {
	for _, pattern := range p.Pattern {
		if !pattern.MatchString(plain(value)) {
			return "a match of " + pattern.String()
		}
	}

	return ""
}

func expectNone(p *Property, value resource.PropertyValue) string {
	for _, pattern := range p.Not {
		if pattern.MatchString(plain(value)) {
			return "no match of " + pattern.String()
		}
	}

	return ""
}

func expectFormat(p *Property, value resource.PropertyValue) string {
	known, exists := formats()[p.Format]

	return unless(!exists || known.accepts(plain(value)), known.description)
}

func unless(met bool, expectation string) string {
	if met {
		return ""
	}

	return expectation
}

func expectLength(p *Property, value resource.PropertyValue) string {
	if !p.Length.given() || !value.IsString() {
		return ""
	}

	return unless(p.Length.contain(float64(utf8.RuneCountInString(value.StringValue()))),
		p.Length.String()+" characters")
}

func expectPrefix(p *Property, value resource.PropertyValue) string {
	if !p.Prefix.given() || !value.IsString() {
		return ""
	}

	block, err := netip.ParsePrefix(value.StringValue())

	return unless(err != nil || p.Prefix.contain(float64(block.Bits())), "a prefix length of "+p.Prefix.String())
}

// listed reports whether a value is one of the known ones. A boolean and the string of it are the same.
func listed(known []any, value resource.PropertyValue, anyCase bool) bool {
	return slices.ContainsFunc(known, func(one any) bool {
		a, b := fmt.Sprint(one), plain(value)

		return a == b || anyCase && strings.EqualFold(a, b)
	})
}

// plain is a scalar as a string.
func plain(value resource.PropertyValue) string {
	if value.IsNumber() {
		return decimal(value.NumberValue())
	}

	return fmt.Sprint(value.V)
}
