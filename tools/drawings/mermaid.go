package main

import (
	"fmt"
	"regexp"
	"strings"
)

// flowchart writes a flowchart in Mermaid's language, which GitHub draws.
type flowchart struct {
	text  strings.Builder
	depth int
}

// newFlowchart begins one that goes from left to right ("LR") or from top to bottom ("TB").
func newFlowchart(direction string) *flowchart {
	f := &flowchart{}
	f.line("flowchart " + direction)
	f.depth = 1

	return f
}

// String is the whole flowchart.
func (f *flowchart) String() string { return f.text.String() }

func (f *flowchart) line(text string) {
	f.text.WriteString(strings.Repeat("  ", f.depth) + text + "\n")
}

// node draws a box with lines of text.
func (f *flowchart) node(name string, lines ...string) { f.line(id(name) + label(lines)) }

// store draws a drum with lines of text.
func (f *flowchart) store(name string, lines ...string) {
	f.line(id(name) + "[(" + strings.Trim(label(lines), "[]") + ")]")
}

// arrow draws one from a node to another; what it says may be empty.
func (f *flowchart) arrow(from, to, says string) {
	f.line(id(from) + " -->" + said(says) + " " + id(to))
}

// dotted draws an arrow of another kind.
func (f *flowchart) dotted(from, to, says string) {
	f.line(id(from) + " -.->" + said(says) + " " + id(to))
}

// frame draws a frame around what inside draws.
func (f *flowchart) frame(name, title string, inside func()) {
	f.line("subgraph " + id(name) + label([]string{title}))
	f.depth++

	inside()

	f.depth--
	f.line("end")
}

// others are the characters that do not belong in an identifier.
var others = regexp.MustCompile(`[^A-Za-z0-9]+`)

// id is the identifier of what is called so.
func id(name string) string { return others.ReplaceAllString(name, "_") }

// label is a text of several lines, in the quotes in which Mermaid takes nothing for its own.
func label(lines []string) string { return fmt.Sprintf("[%q]", strings.Join(lines, "<br/>")) }

func said(text string) string {
	if text == "" {
		return ""
	}

	return fmt.Sprintf("|%q|", text)
}
