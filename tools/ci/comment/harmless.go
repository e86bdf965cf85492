package comment

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
)

const (
	// invisible is a space without a width. Where it stands between two characters, Markdown and GitHub see neither the
	// link, nor the mention, nor the tag that both together would have begun, in or out of code, and a person sees no
	// difference. Escaping would have to know where code begins and ends, as GitHub does, or be seen there.
	invisible = "\u200b"
	// mostCharacters is below GitHub's limit of 65,536, which it counts in UTF-16, with room for what stands above.
	mostCharacters = 64_000
)

// harmless takes from a report in Markdown whatever does more than to be read.
func harmless(report string) string {
	report = strings.Map(visible, strings.ReplaceAll(report, "\r\n", "\n"))

	for _, rule := range []struct{ found, put string }{
		// Tags, comments and links in angle brackets, but for those of collapsible parts, which come without attributes.
		{`<(/?(?:details|summary)>)`, "\x00$1"},
		{`<`, "<" + invisible},
		{"\x00", "<"},
		// Entities, which would spell everything else.
		{`&`, "&" + invisible},
		// Mentions of people and teams, addresses of mail, commits elsewhere.
		{`@`, "@" + invisible},
		// Issues and pull requests here and elsewhere, which would then refer back.
		{`#([0-9])`, "#" + invisible + "$1"},
		{`(?i)\b(g)(h\\?-)`, "$1" + invisible + "$2"},
		// Links and pictures, in the text and below it, and addresses, which GitHub makes links of.
		{`\]([(\[:])`, "]" + invisible + "$1"},
		{`:/`, ":" + invisible + "/"},
		{`(?i)(www)\.`, "$1" + invisible + "."},
		// Drawings and maps, which GitHub makes of some blocks of code.
		{"(?m)(`{3,}|~{3,})[^`~\n]*$", "$1"},
		// Formulas, in which GitHub takes commands.
		{`\$`, "$$" + invisible},
	} {
		report = regexp.MustCompile(rule.found).ReplaceAllString(report, rule.put)
	}

	return cut(report)
}

// visible drops what is not seen and yet does something, as turning the direction of what follows.
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

// cut ends a report that is too long after a whole line, and says so.
func cut(report string) string {
	if length(report) <= mostCharacters {
		return report
	}

	var kept strings.Builder

	room := mostCharacters

	for line := range strings.Lines(report) {
		room -= length(line)
		if room < 0 {
			break
		}

		kept.WriteString(line)
	}

	return kept.String() + "\n\nThe rest is left out: it is in the report of the run.\n"
}

// length is what GitHub counts.
func length(text string) int { return len(utf16.Encode([]rune(text))) }
