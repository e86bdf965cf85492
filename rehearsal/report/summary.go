package report

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/msur/platform/rehearsal/cost"
)

// Summary returns the time and the cost, one line each.
func (r *Report) Summary() string {
	var text strings.Builder

	if r.Time.MedianSeconds > 0 {
		fmt.Fprintf(&text, "Time on AWS: %s; 9 of 10 runs take at most %s.\n", Minutes(r.Time.MedianSeconds),
			Minutes(r.Time.P90Seconds))
	}

	fmt.Fprintf(&text, "Cost on AWS: %s.\n", r.Cost.describe())

	return text.String()
}

// Minutes formats a duration for people.
func Minutes(seconds float64) string {
	const short = 90

	if seconds < short {
		return fmt.Sprintf("%.0f s", seconds)
	}

	return fmt.Sprintf("%.0f min", time.Duration(seconds*float64(time.Second)).Minutes())
}

// Dollars formats an amount.
func Dollars(usd float64) string { return fmt.Sprintf("$%.2f", usd) }

// Signed formats a change with its sign.
func Signed(usd float64) string {
	sign := "+"
	if usd < 0 {
		sign = "−"
	}

	return sign + Dollars(math.Abs(usd))
}

// describe returns the monthly cost, its change, and what the cost lacks: an instance type without a known price may
// cost more than everything else.
func (c Cost) describe() string {
	return Dollars(c.MonthlyUSD) + " a month" + c.describeChange() + c.Lacks()
}

// Lacks describes what the cost lacks because its price is unknown, as the end of a sentence, or is empty.
func (c Cost) Lacks() string {
	if len(c.Unknown) == 0 {
		return ""
	}

	return ", without the unknown prices of " + strings.Join(c.Unknown, ", ")
}

// describeChange returns the change and its largest items, or nothing if the cost is the same or everything is new.
func (c Cost) describeChange() string {
	if c.Change.MonthlyUSD == 0 || c.Change.MonthlyUSD == c.MonthlyUSD {
		return ""
	}

	const most = 3

	items := c.Change.Items
	parts := make([]string, 0, most)

	for _, item := range items[:min(most, len(items))] {
		parts = append(parts, describe(item))
	}

	more := ""
	if len(items) > most {
		more = fmt.Sprintf(" and %d more", len(items)-most)
	}

	return fmt.Sprintf(", %s: %s%s", Signed(c.Change.MonthlyUSD), strings.Join(parts, ", "), more)
}

func describe(item cost.Item) string {
	return fmt.Sprintf("%s %s (%s)", item.Component, item.Title, Signed(item.MonthlyUSD))
}
