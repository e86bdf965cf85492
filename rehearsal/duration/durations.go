package duration

import (
	_ "embed"
	"encoding/csv"
	"strconv"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

// durations.csv has the time that AWS needs for an operation on a type, in seconds, with its source. An operation other
// than a creation, and a variant of a type, follow "#".
//
//go:embed durations.csv
var table string

// Taken is the time that an operation takes.
type Taken struct {
	// Least, Median and P90 are in seconds.
	Least, Median, P90 float64
	// Source is where the times come from: "recorded", or how they were estimated.
	Source string
	// Assumed is true if no recording has the time.
	Assumed bool
}

// unknown is what an operation takes whose type has no row.
const unknown = 5.0

// spread is the ratio of the 90th percentile to the median where only the median is known. That of the recorded cluster
// is 1.5, the largest of the slow types.
const spread = 1.5

// rows returns the table by type.
func rows() map[string]Taken {
	reader := csv.NewReader(strings.NewReader(table))
	reader.Comment = '#'

	lines, err := reader.ReadAll()
	if err != nil {
		panic(err)
	}

	found := make(map[string]Taken)

	for _, line := range lines[1:] {
		median := number(line[3])
		taken := Taken{Least: median, Median: median, P90: median * spread, Source: line[7], Assumed: line[6] == "1"}

		if line[2] != "" {
			taken.Least = number(line[2])
		}

		if line[4] != "" {
			taken.P90 = number(line[4])
		}

		found[line[0]] = taken
	}

	return found
}

func number(text string) float64 {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(err)
	}

	return value
}

// of returns the time of an operation on a resource.
func of(rows map[string]Taken, r state.Resource, operation string) Taken {
	name := string(r.Type)
	keys := []string{name + "#" + operation}

	if operation == create {
		keys = []string{name + "#" + variant(r), name, name[:strings.LastIndex(name, ":")+1] + "*"}
	}

	for _, key := range keys {
		if taken, known := rows[key]; known {
			return taken
		}
	}

	return Taken{
		Least: unknown, Median: unknown, P90: unknown * spread, Source: "no recording of this type", Assumed: true,
	}
}

// variant returns what the time of a creation depends on besides the type.
func variant(r state.Resource) string {
	text := func(property string) string {
		value, _ := r.Inputs[property].(string)

		return value
	}

	switch string(r.Type) {
	case "aws:eks/addon:Addon":
		if text("addonName") != "coredns" {
			return text("addonName")
		}

		for _, dependency := range r.Dependencies {
			if dependency.Type() == "aws:eks/nodeGroup:NodeGroup" {
				return "coredns-after-nodes"
			}
		}

		return "coredns-before-nodes"
	case "aws:ec2/vpcEndpoint:VpcEndpoint":
		return strings.ToLower(text("vpcEndpointType"))
	case "aws:rds/instance:Instance":
		if r.Inputs["multiAz"] == true {
			return "multi-az"
		}

		return "single-az"
	default:
		return ""
	}
}

// quantile returns the time that a fraction of all operations does not exceed, linear between the known quantiles.
func (t Taken) quantile(fraction float64) float64 {
	const half, most = 0.5, 0.9

	switch {
	case fraction < half:
		return t.Least + (t.Median-t.Least)*fraction/half
	case fraction < most:
		return t.Median + (t.P90-t.Median)*(fraction-half)/(most-half)
	default:
		return t.P90
	}
}
