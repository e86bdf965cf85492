package compatible

import "strings"

// statement is one statement of a migration.
type statement struct {
	text string
	// line is its first line in the file, starting from 1.
	line int
	// reasoned is true if a comment above it says why the previous release survives it.
	reasoned bool
}

// scanner collects the statements of a file.
type scanner struct {
	all  []statement
	next statement
	// isUp is true in the part for the way up, and isBlock in a statement that contains semicolons.
	isUp, isBlock bool
}

// up returns the statements that goose runs on the way up. A semicolon at the end of a line ends a statement, except
// between "+goose StatementBegin" and "+goose StatementEnd".
func up(text string) []statement {
	var s scanner

	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)

		if comment, is := strings.CutPrefix(line, "--"); is {
			s.comment(strings.TrimSpace(comment))
		} else if s.isUp && line != "" {
			s.add(line, i+1)
		}

		if !s.isBlock && strings.HasSuffix(s.next.text, ";") {
			s.next.text = strings.TrimSuffix(s.next.text, ";")
			s.all, s.next = append(s.all, s.next), statement{}
		}
	}

	return s.all
}

func (s *scanner) comment(text string) {
	switch {
	case text == "+goose Up":
		s.isUp = true
	case text == "+goose Down":
		s.isUp = false
	case strings.HasPrefix(text, "+goose Statement"):
		s.isBlock = text == "+goose StatementBegin"
	case strings.HasPrefix(text, "compatible: "):
		s.next.reasoned = true
	}
}

func (s *scanner) add(line string, number int) {
	if s.next.text == "" {
		s.next.line = number
	} else {
		s.next.text += "\n"
	}

	s.next.text += line
}
