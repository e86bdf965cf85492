package page

import (
	"fmt"
	"math"
	"strings"

	"github.com/msur/platform/rehearsal/duration"
	"github.com/msur/platform/rehearsal/report"
)

// chart is a Gantt chart of the modelled run. Positions are in pixels.
type chart struct {
	Height     int
	Rows       []ganttRow
	Ticks      []tick
	Limit      float64
	LimitLabel string
	// Omitted is the number of short steps that the chart leaves out.
	Omitted int
	Summary string
}

type ganttRow struct {
	Y                           int
	X, Width                    float64
	Name, Label, Class, Tooltip string
}

type tick struct {
	X     float64
	Label string
}

const (
	chartLeft, chartWidth = 230.0, 640.0
	rowHeight, headHeight = 22, 26
	leastShare            = 0.015
	longShare             = 0.1
)

// newChart returns nil if nothing takes any time.
func newChart(t duration.Estimate) *chart {
	end := 0.0
	for _, step := range t.Steps {
		end = max(end, step.Start+step.Seconds)
	}

	if end == 0 {
		return nil
	}

	at := func(seconds float64) float64 { return math.Round((chartLeft+chartWidth*seconds/end)*10) / 10 }
	c := &chart{Limit: at(t.LimitSeconds), LimitLabel: limitLabel(t)}

	for _, step := range t.Steps {
		if step.Seconds < leastShare*end && !step.Critical {
			c.Omitted++
		} else {
			c.Rows = append(c.Rows, newRow(step, len(c.Rows), at))
		}
	}

	c.Height = headHeight + len(c.Rows)*rowHeight + rowHeight
	c.Summary = summarize(t, longShare*end)

	step := 60.0
	for end/step > 8 {
		step *= 2
	}

	for s := 0.0; s <= end; s += step {
		c.Ticks = append(c.Ticks, tick{at(s), fmt.Sprintf("%.0f min", s/60)})
	}

	return c
}

// summarize names the steps of the critical path that take at least a number of seconds.
func summarize(t duration.Estimate, seconds float64) string {
	var long []string

	critical := t.CriticalPath()
	for _, step := range critical {
		if step.Seconds >= seconds {
			long = append(long, fmt.Sprintf("%s (%s)", step.URN.Name(), report.Minutes(step.Seconds)))
		}
	}

	return fmt.Sprintf("The critical path: %s, and %d shorter.", strings.Join(long, ", "), len(critical)-len(long))
}

// limitLabel says how much of the time the limit saves. Rounded to minutes, both would look alike.
func limitLabel(t duration.Estimate) string {
	if saved := t.MedianSeconds - t.LimitSeconds; saved >= 1 {
		return fmt.Sprintf("limit: %.0f s less", saved)
	}

	return "limit"
}

// newRow returns the row of a step. at returns the position of a time.
func newRow(step duration.Step, index int, at func(float64) float64) ganttRow {
	row := ganttRow{
		Y: headHeight + index*rowHeight, X: at(step.Start), Width: max(2, at(step.Seconds)-chartLeft),
		Name: abbreviate(step.URN.Name()), Label: report.Minutes(step.Seconds), Class: step.Operation,
		Tooltip: fmt.Sprintf("%s %s (%s): starts after %.0f s, takes %.0f s (%s)", step.Operation, step.URN.Name(),
			step.URN.Type(), step.Start, step.Seconds, step.Source),
	}

	if step.Critical {
		row.Class += " critical"
		row.Name = "● " + row.Name
	}

	if step.Assumed {
		row.Class += " assumed"
	}

	return row
}

// abbreviate returns a name that fits on the left of the chart.
func abbreviate(name string) string {
	const most = 30
	if len(name) <= most {
		return name
	}

	return name[:most-1] + "…"
}
