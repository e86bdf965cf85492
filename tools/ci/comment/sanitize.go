package comment

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
)

const (
	// invisible is a zero-width space. Between two characters, it prevents that Markdown and GitHub recognize a link,
	// mention or tag, inside code and outside, and readers do not see it. Escaping would depend on what GitHub takes for
	// code.
	invisible = "\u200b"
	// maxCharacters is below GitHub's limit of 65,536 UTF-16 code units, with room for the line above the report.
	maxCharacters = 64_000
)

// sanitize removes everything from a Markdown report that does more than display text.
func sanitize(report string) string {
	report = strings.Map(visible, strings.ReplaceAll(report, "\r\n", "\n"))

	for _, rule := range []struct{ pattern, replacement string }{
		// Tags, comments and links in angle brackets, except the tags of collapsible parts without attributes.
		{`<(/?(?:details|summary)>)`, "\x00$1"},
		{`<`, "<" + invisible},
		{"\x00", "<"},
		// Entities, which could spell any other character.
		{`&`, "&" + invisible},
		// Mentions of users and teams, email addresses, commits of other repositories.
		{`@`, "@" + invisible},
		// Issues and pull requests, which would show a back reference.
		{`#([0-9])`, "#" + invisible + "$1"},
		{`(?i)\b(g)(h\\?-)`, "$1" + invisible + "$2"},
		// Links and images, inline or by reference, and addresses, which GitHub turns into links.
		{`\]([(\[:])`, "]" + invisible + "$1"},
		{`:/`, ":" + invisible + "/"},
		{`(?i)(www)\.`, "$1" + invisible + "."},
		// Diagrams and maps, which GitHub renders from some code blocks.
		{"(?m)(`{3,}|~{3,})[^`~\n]*$", "$1"},
		// Formulas, in which GitHub interprets commands.
		{`\$`, "$$" + invisible},
	} {
		report = regexp.MustCompile(rule.pattern).ReplaceAllString(report, rule.replacement)
	}

	return cut(report)
}

// visible drops invisible characters, such as those that change the direction of text.
func visible(r rune) rune {
	switch {
	case r == '\n' || unicode.IsPrint(r):
		return r
	case r == '\t':
		return ' '
	default:
		return -1
	}
}

// cut shortens a long report after a whole line, and adds a note.
func cut(report string) string {
	if length(report) <= maxCharacters {
		return report
	}

	var kept strings.Builder

	room := maxCharacters

	for line := range strings.Lines(report) {
		room -= length(line)
		if room < 0 {
			break
		}

		kept.WriteString(line)
	}

	return kept.String() + "\n\nThe report is longer: the run has the rest.\n"
}

// length counts UTF-16 code units, as GitHub does.
func length(text string) int { return len(utf16.Encode([]rune(text))) }
