package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/template"
)

//go:embed scale.md.tmpl
var layout string

// page is the content of the document.
type page struct {
	measurement

	Names  []string
	Limits []limit
}

// render returns the document.
func render(platforms []platform, m measurement) (string, error) {
	p := page{measurement: m, Limits: limits(platforms)}
	for _, platform := range platforms {
		p.Names = append(p.Names, platform.name)
	}

	slices.SortStableFunc(p.Limits, func(a, b limit) int { return slices.Compare(a.At, b.At) })

	var document bytes.Buffer

	parsed := template.Must(template.New(target).Funcs(template.FuncMap{
		"number": number, "numbers": numbers, "join": strings.Join, "minutes": minutes,
		"per": func(f figure) string { return fmt.Sprintf("%.1f", f.perResource()) },
	}).Parse(layout))
	if err := parsed.Execute(&document, p); err != nil {
		return "", fmt.Errorf("rendering %s: %w", target, err)
	}

	return document.String(), nil
}

// number writes a number with commas between the thousands.
func number(value int) string {
	if value == unlimited {
		return "–"
	}

	text := strconv.Itoa(value)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}

	return text
}

// numbers writes the cells of a row.
func numbers(values []int) string {
	cells := make([]string, 0, len(values))
	for _, value := range values {
		cells = append(cells, number(value))
	}

	return strings.Join(cells, " | ")
}

func minutes(seconds float64) string { return fmt.Sprintf("%.0f min", seconds/60) }
