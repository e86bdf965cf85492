package cost

import (
	"bytes"
	"embed"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// files are prices.csv, with AWS's list prices in us-east-1, free.yaml, with the types that cost nothing, and
// assumptions.yaml.
//
//go:embed prices.csv free.yaml assumptions.yaml
var files embed.FS

// read returns the content of a file.
func read(name string) []byte {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(err)
	}

	return text
}

// price is the price of one unit.
type price struct {
	title, unit string
	usd         float64
	// checked is false for prices that nobody has seen in a published table.
	checked bool
}

// readPrices returns the prices by name.
func readPrices() map[string]price {
	reader := csv.NewReader(bytes.NewReader(read("prices.csv")))
	reader.Comment = '#'

	lines, err := reader.ReadAll()
	if err != nil {
		panic(err)
	}

	found := make(map[string]price)

	for _, line := range lines[1:] {
		usd, err := strconv.ParseFloat(line[2], 64)
		if err != nil {
			panic(err)
		}

		found[line[0]] = price{title: line[4], unit: line[1], usd: usd, checked: line[3] == "1"}
	}

	return found
}

func decode[T any](name string) T {
	var value T
	if err := yaml.Unmarshal(read(name), &value); err != nil {
		panic(err)
	}

	return value
}

// Assumption is a quantity that the resources do not tell.
type Assumption struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	Why   string  `json:"why"`
}

// Assumptions returns the assumptions by name. The text replaces values: "logsGB=20 spotShare=0.5".
func Assumptions(text string) (map[string]Assumption, error) {
	all := decode[map[string]Assumption]("assumptions.yaml")

	for name, a := range all {
		a.Name = name
		all[name] = a
	}

	for word := range strings.FieldsSeq(text) {
		name, value, _ := strings.Cut(word, "=")

		a, known := all[name]
		if !known {
			return nil, fmt.Errorf("ASSUME has %q: expected NAME=NUMBER with one of %s", word,
				strings.Join(slices.Sorted(maps.Keys(all)), ", "))
		}

		var err error
		if a.Value, err = strconv.ParseFloat(value, 64); err != nil || a.Value < 0 {
			return nil, fmt.Errorf("ASSUME has %q: expected a number that is not negative, such as %s=%v", word, name,
				all[name].Value)
		}

		all[name] = a
	}

	return all, nil
}
