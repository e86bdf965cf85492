package cost

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// prices.csv has AWS's list prices in us-east-1. free.yaml has the types that cost nothing.
var (
	//go:embed prices.csv
	pricesFile string
	//go:embed free.yaml
	freeFile []byte
	//go:embed assumptions.yaml
	assumptionsFile []byte
)

// price is the price of one unit.
type price struct {
	title, unit string
	usd         float64
	// checked is false for prices that nobody has seen in a published table.
	checked bool
}

var prices = sync.OnceValue(func() map[string]price {
	reader := csv.NewReader(strings.NewReader(pricesFile))
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
})

var free = sync.OnceValue(func() map[string]string { return decode[map[string]string](freeFile) })

func decode[T any](text []byte) T {
	var value T
	if err := yaml.Unmarshal(text, &value); err != nil {
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
	all := decode[map[string]Assumption](assumptionsFile)

	for name, a := range all {
		a.Name = name
		all[name] = a
	}

	for _, word := range strings.Fields(text) {
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
