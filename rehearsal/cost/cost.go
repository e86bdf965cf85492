// Package cost estimates what the resources of a stack cost in a month, from AWS's list prices and stated assumptions.
package cost

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/state"
)

// Estimate is the cost of a stack.
type Estimate struct {
	// MonthlyUSD is for 730 hours.
	MonthlyUSD float64 `json:"monthlyUSD"`
	// ByComponent has the cost of each component that costs anything.
	ByComponent map[string]float64 `json:"byComponent"`
	// Items are the most expensive first.
	Items []Item `json:"items"`
	// Assumptions are sorted by name.
	Assumptions []Assumption `json:"assumptions"`
	// Unknown lists what has no price, such as an instance type: the cost does not include it.
	Unknown []string `json:"unknown"`
	// PoolsUSD is what the nodes of all Karpenter pools cost in a month at the pools' limits. MonthlyUSD has only those of
	// the assumption poolNodes.
	PoolsUSD float64 `json:"poolsUSD"`
}

// Item is one charge.
type Item struct {
	URN       resource.URN `json:"urn"`
	Component string       `json:"component"`
	// Price is the name of the price, such as "ec2.natGateway".
	Price string `json:"price"`
	// Title is what people call it, such as "NAT gateways".
	Title string `json:"title"`
	// Quantity is in the price's unit, such as hour or GB-month.
	Quantity   float64 `json:"quantity"`
	Unit       string  `json:"unit"`
	UnitUSD    float64 `json:"unitUSD"`
	MonthlyUSD float64 `json:"monthlyUSD"`
	// Checked is false for a price that nobody has seen in a published table.
	Checked bool `json:"checked"`
}

// hours are in a month.
const hours = 730

// Of estimates the cost of a stack. Now decides whether a Kubernetes version is in extended support.
func Of(known *state.State, assumed map[string]Assumption, now time.Time) Estimate {
	b := &bill{prices: readPrices(), known: known, assumed: assumed, now: now}

	for _, r := range known.Resources {
		if charge, charged := charges()[string(r.Type)]; charged && !r.External {
			b.resource = r
			charge(b)
		}
	}

	estimate := Estimate{
		ByComponent: make(map[string]float64), Items: append([]Item{}, b.items...), Assumptions: []Assumption{},
		Unknown: append([]string{}, slices.Compact(slices.Sorted(slices.Values(b.unknown)))...),
	}

	for _, item := range b.items {
		estimate.MonthlyUSD += item.MonthlyUSD
		estimate.ByComponent[item.Component] += item.MonthlyUSD
	}

	estimate.MonthlyUSD, estimate.PoolsUSD = cents(estimate.MonthlyUSD), cents(b.pools)
	for name, usd := range estimate.ByComponent {
		estimate.ByComponent[name] = cents(usd)
	}

	slices.SortStableFunc(estimate.Items, func(a, b Item) int { return cmp.Compare(b.MonthlyUSD, a.MonthlyUSD) })

	for _, name := range slices.Sorted(maps.Keys(assumed)) {
		estimate.Assumptions = append(estimate.Assumptions, assumed[name])
	}

	return estimate
}

func cents(usd float64) float64 { return math.Round(usd*100) / 100 }

// Known reports whether a type has a price or a reason to be free. What is not in AWS runs on nodes, which are charged.
func Known(resourceType string) bool {
	_, charged := charges()[resourceType]
	_, free := decode[map[string]string]("free.yaml")[resourceType]

	return charged || free || !strings.HasPrefix(resourceType, "aws:")
}

// Change is a difference in cost.
type Change struct {
	MonthlyUSD float64 `json:"monthlyUSD"`
	// Items are the charges that differ, the largest difference first. Quantity and MonthlyUSD are differences.
	Items []Item `json:"items"`
}

// Compare returns what changed from one estimate to the other, by component and price.
func Compare(before, after Estimate) Change {
	type key struct{ component, price string }

	differences := make(map[key]Item)

	add := func(items []Item, sign float64) {
		for _, item := range items {
			at := key{item.Component, item.Price}
			sum := differences[at]
			item.URN = ""
			item.Quantity, item.MonthlyUSD = sum.Quantity+sign*item.Quantity, sum.MonthlyUSD+sign*item.MonthlyUSD
			differences[at] = item
		}
	}

	add(before.Items, -1)
	add(after.Items, 1)

	change := Change{MonthlyUSD: cents(after.MonthlyUSD - before.MonthlyUSD), Items: []Item{}}

	for _, item := range differences {
		if item.MonthlyUSD = cents(item.MonthlyUSD); item.MonthlyUSD != 0 {
			change.Items = append(change.Items, item)
		}
	}

	slices.SortFunc(change.Items, func(a, b Item) int {
		return cmp.Or(cmp.Compare(math.Abs(b.MonthlyUSD), math.Abs(a.MonthlyUSD)),
			cmp.Compare(a.Component+a.Price, b.Component+b.Price))
	})

	return change
}
