package main

import (
	"regexp"
	"strings"
)

// argument is a word of a shell command, without its quotes.
type argument struct {
	text string
	// expands reports whether the shell inserts the value of a variable or of a command.
	expands bool
	// quoted reports whether a part of the word was between quotes.
	quoted bool
}

// shellCommand is a command with its arguments.
type shellCommand struct {
	// line counts from 0 at the start of the text.
	line  int
	words []argument
}

var (
	// wordEnd is white space, an operator, or the end of a continued line.
	wordEnd = regexp.MustCompile(`^(?:[ \t\n;&|()<>]|\\\n)`)
	// blank is white space within a command, or a comment.
	blank       = regexp.MustCompile(`^(?:[ \t]|\\\n|#[^\n]*)+`)
	redirection = regexp.MustCompile(`^[0-9]*(<<<|<<|<>|<&|>>|>&|>\||<|>)(&?[0-9-]+\b)?[ \t]*`)
	variable    = regexp.MustCompile(`^\$(\{[^}]*\}|[A-Za-z_]\w*|[0-9@*#?!$-])`)
)

// lexer reads the parts of the shell language that documents and scripts here use: quotes, $(…), comments, redirections
// and continued lines. It does not know here-documents.
type lexer struct {
	text string
	at   int
	// commands are those read so far, each after the commands in its $(…).
	commands []shellCommand
}

// commandsIn returns the commands of a text, including those in $(…).
func commandsIn(text string) []shellCommand {
	l := &lexer{text: text}
	for l.at < len(l.text) {
		l.list()
		l.at++ // a ) without a (, as in the patterns of case
	}

	return l.commands
}

// list reads commands until the end of the text or of the $(…) that contains them.
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

// skip skips white space, a comment or a redirection, and reports whether there was one.
func (l *lexer) skip() bool {
	if found := blank.FindString(l.text[l.at:]); found != "" {
		l.at += len(found)

		return true
	}

	found := redirection.FindStringSubmatch(l.text[l.at:])
	if found == nil {
		return false
	}

	l.at += len(found[0])

	if found[2] == "" {
		l.word() // the target
	}

	return true
}

// word reads a word.
func (l *lexer) word() argument {
	var read argument

	for inQuotes := false; l.at < len(l.text); {
		rest := l.text[l.at:]
		if !inQuotes && wordEnd.MatchString(rest) {
			break
		}

		switch {
		case rest[0] == '"':
			inQuotes, read.quoted = !inQuotes, true
			l.at++
		case rest[0] == '\'' && !inQuotes:
			inner, _, _ := strings.Cut(rest[1:], "'")
			read.text, read.quoted = read.text+inner, true
			l.at += len("'" + inner + "'")
		case rest[0] == '\\':
			read.text += rest[1:min(2, len(rest))]
			l.at += 2
		default:
			l.character(&read)
		}
	}

	return read
}

// character reads a character or an expansion.
func (l *lexer) character(read *argument) {
	rest := l.text[l.at:]

	switch found := variable.FindString(rest); {
	case strings.HasPrefix(rest, "$("):
		l.at += len("$(")
		l.list()
		l.at++

		read.text, read.expands = read.text+"$()", true
	case found != "":
		l.at += len(found)

		read.text, read.expands = read.text+found, true
	default:
		l.at++

		read.text += rest[:1]
	}
}
