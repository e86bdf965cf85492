package main

import (
	"fmt"
	"regexp"
	"strings"
)

// The kinds of edges.
const (
	arrow  = "-->"
	dotted = "-.->"
)

// flowchart writes a flowchart in the Mermaid language, which GitHub renders.
type flowchart struct {
	text  strings.Builder
	depth int
}

// newFlowchart starts a flowchart that runs from left to right ("LR") or from top to bottom ("TB").
func newFlowchart(direction string) *flowchart {
	f := &flowchart{}
	f.line("flowchart " + direction)
	f.depth = 1

	return f
}

// String returns the source of the flowchart.
func (f *flowchart) String() string { return f.text.String() }

func (f *flowchart) line(text string) {
	f.text.WriteString(strings.Repeat("  ", f.depth) + text + "\n")
}

// node draws a box with lines of text.
func (f *flowchart) node(name string, lines ...string) {
	f.line(id(name) + "[" + quote(lines...) + "]")
}

// store draws a drum with lines of text.
func (f *flowchart) store(name string, lines ...string) {
	f.line(id(name) + "[(" + quote(lines...) + ")]")
}

// edge draws an edge between two nodes; the label may be empty.
func (f *flowchart) edge(from, kind, to, label string) {
	if label != "" {
		label = "|" + quote(label) + "|"
	}

	f.line(id(from) + " " + kind + label + " " + id(to))
}

// frame draws a frame around the nodes that inside draws.
func (f *flowchart) frame(name, title string, inside func()) {
	f.line("subgraph " + id(name) + "[" + quote(title) + "]")
	f.depth++

	inside()

	f.depth--
	f.line("end")
}

// notInID matches characters that Mermaid does not allow in an identifier.
var notInID = regexp.MustCompile(`[^A-Za-z0-9]+`)

func id(name string) string { return notInID.ReplaceAllString(name, "_") }

// quote joins lines into one label, in quotes, so that Mermaid interprets none of its characters.
func quote(lines ...string) string { return fmt.Sprintf("%q", strings.Join(lines, "<br/>")) }
