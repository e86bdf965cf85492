package main

import (
	"regexp"
	"strings"
)

// argument is a word of a shell command, without its quotes.
type argument struct {
	text string
	// expands says that the shell puts the value of a variable or of a command into it.
	expands bool
	// quoted says that a part of it was between quotes.
	quoted bool
}

// shellCommand is a command with its arguments.
type shellCommand struct {
	// line counts from 0, where the text begins.
	line  int
	words []argument
}

// ends is what ends a word: white space, an operator, or a line that goes on in the next one.
var ends = regexp.MustCompile(`^(?:[ \t\n;&|()<>]|\\\n)`)

// lexer reads the text of a shell, as far as documents and scripts here go: quotes, $(…), comments, redirections,
// continued lines. It knows no here-documents.
type lexer struct {
	text string
	at   int
	// commands are those that were read, inner ones of $(…) first.
	commands []shellCommand
}

// commandsIn returns the commands of a text, in $(…) too.
func commandsIn(text string) []shellCommand {
	l := &lexer{text: text}
	for l.at < len(l.text) {
		l.list()
		l.at++ // a ) without a (, as in the patterns of case
	}

	return l.commands
}

// between is white space within a command, or a comment.
var between = regexp.MustCompile(`^(?:[ \t]|\\\n|#[^\n]*)+`)

var redirection = regexp.MustCompile(`^[0-9]*(<<<|<<|<>|<&|>>|>&|>\||<|>)(&?[0-9-]+\b)?[ \t]*`)

// list reads commands until the text or the $(…) that they are in ends.
func (l *lexer) list() {
	var next shellCommand

	end := func() {
		if len(next.words) > 0 {
			l.commands = append(l.commands, next)
		}

		next = shellCommand{}
	}
	defer end()

	for l.at < len(l.text) && l.text[l.at] != ')' {
		switch {
		case l.skip():
		case strings.ContainsAny(l.text[l.at:l.at+1], ";&|(\n"):
			end()

			l.at++
		default:
			if len(next.words) == 0 {
				next.line = strings.Count(l.text[:l.at], "\n")
			}

			next.words = append(next.words, l.word())
		}
	}
}

// skip passes over what is between the words of a command, and reports whether there was anything.
func (l *lexer) skip() bool {
	rest := l.text[l.at:]

	switch {
	case between.MatchString(rest):
		l.at += len(between.FindString(rest))
	case redirection.MatchString(rest):
		found := redirection.FindStringSubmatch(rest)
		l.at += len(found[0])

		if found[2] == "" {
			l.word() // its target
		}
	default:
		return false
	}

	return true
}

// word reads one.
func (l *lexer) word() argument {
	var (
		is   argument
		text strings.Builder
	)

	for l.at < len(l.text) && !ends.MatchString(l.text[l.at:]) {
		switch l.text[l.at] {
		case '\'':
			inner, _, _ := strings.Cut(l.text[l.at+1:], "'")
			is.quoted = true
			l.at += len("'" + inner + "'")
			text.WriteString(inner)
		case '"':
			is.quoted = true
			l.at++
			is.expands = l.quote(&text) || is.expands
		default:
			is.expands = l.character(&text) || is.expands
		}
	}

	is.text = text.String()

	return is
}

// character reads one that may be escaped, or an expansion, and reports whether it was one.
func (l *lexer) character(text *strings.Builder) bool {
	switch rest := l.text[l.at:]; {
	case rest[0] == '$':
		return l.expansion(text)
	case rest[0] == '\\' && len(rest) > 1:
		text.WriteByte(rest[1])

		l.at += len(rest[:2])
	default:
		text.WriteByte(rest[0])

		l.at++
	}

	return false
}

// quote reads what is between double quotes, and reports whether it expands.
func (l *lexer) quote(text *strings.Builder) bool {
	expands := false

	for l.at < len(l.text) && l.text[l.at] != '"' {
		expands = l.character(text) || expands
	}

	l.at++

	return expands
}

var variable = regexp.MustCompile(`^\$(\{[^}]*\}|[A-Za-z_]\w*|[0-9@*#?!$-])`)

// expansion reads what begins with $, and reports whether it is one.
func (l *lexer) expansion(text *strings.Builder) bool {
	if strings.HasPrefix(l.text[l.at:], "$(") {
		l.at += 2
		l.list()
		l.at++

		text.WriteString("$()")

		return true
	}

	found := variable.FindString(l.text[l.at:])
	if found == "" {
		text.WriteByte('$')

		l.at++

		return false
	}

	text.WriteString(found)

	l.at += len(found)

	return true
}
