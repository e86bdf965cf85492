package main

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCommandsInFindsTheCommandsThatAShellRuns(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"one":                 {"aws sts get-caller-identity", []string{"0 aws sts get-caller-identity"}},
		"several of a line":   {"a b && c; d | e &", []string{"0 a b", "0 c", "0 d", "0 e"}},
		"lines":               {"a\n\nb", []string{"0 a", "2 b"}},
		"a continued line":    {"a \\\n  b\nc", []string{"0 a b", "2 c"}},
		"a comment":           {"a # b\n# c\nd#e", []string{"0 a", "2 d#e"}},
		"quotes":              {`a 'b;c' "d&e" f\ g`, []string{"0 a b;c d&e f g"}},
		"a quote in a quote":  {`a "b'c" 'd"e'`, []string{`0 a b'c d"e`}},
		"redirections":        {"a 2>&1 >/dev/null <b c", []string{"0 a c"}},
		"a here-string":       {`read x <<<"$(a b)"`, []string{"0 a b", "0 read x"}},
		"within $()":          {`x=$(a "$(b c)") d`, []string{"0 b c", "0 a $()", "0 x=$() d"}},
		"within quotes":       {`x="a $(b 'c)') d"`, []string{"0 b c)", "0 x=a $() d"}},
		"lines within $()":    {"x=$(a \\\n  b)\nc", []string{"0 a b", "0 x=$()", "2 c"}},
		"patterns of case":    {"case $x in\na) b ;;\nesac", []string{"0 case $x in", "1 a", "1 b", "2 esac"}},
		"an unfinished quote": {`a "b`, []string{"0 a b"}},
		"an unfinished $(":    {`a $(b`, []string{"0 b", "0 a $()"}},
		"nothing":             {" \n", nil},
	} {
		var found []string

		for _, c := range commandsIn(test.text) {
			words := []string{strconv.Itoa(c.line)}
			for _, word := range c.words {
				words = append(words, word.text)
			}

			found = append(found, strings.Join(words, " "))
		}

		assert.Equal(t, test.want, found, name)
	}
}

func TestAnArgumentReportsWhetherTheShellExpandsIt(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]bool{
		"$a": true, `"$a"`: true, `"${a%/*}"`: true, "x$(b)": true, `"$1"`: true, "'$a'": false, `\$a`: false, `"\$a"`: false,
		"$": false, "a": false,
	} {
		all := commandsIn("x " + text)
		assert.Equal(t, want, all[len(all)-1].words[1].expands, text)
	}
}

func TestCommandsInDocumentsScriptsAndWorkflowsAreFound(t *testing.T) {
	t.Parallel()

	const text = "First `aws sts\nget-caller-identity` and `aws`.\n\n" +
		"```sh account\naws eks wait nodegroup-active --x y\nx \"$(aws kms list-keys)\"\n```\n"

	for file, test := range map[string]struct {
		text string
		want []string
	}{
		"a.md": {
			text, []string{"a.md:5 eks wait nodegroup-active", "a.md:6 kms list-keys", "a.md:1 sts get-caller-identity"},
		},
		"a.sh": {"absent x aws rds describe-db-instances --x\ncommand -v aws", []string{"a.sh:1 rds describe-db-instances"}},
		"a.yml": {
			"steps:\n  - run: aws kms list-keys\n  - run: |\n      aws iam list-roles\n  - uses: aws-actions/x",
			[]string{"a.yml:2 kms list-keys", "a.yml:4 iam list-roles"},
		},
	} {
		var found []string

		for _, p := range partsOf(file, test.text) {
			for _, c := range p.commands() {
				found = append(found, c.at+" "+c.name())
				assert.Equal(t, strings.HasPrefix(c.at, "a.md:1"), c.mentioned)
			}
		}

		assert.Equal(t, test.want, found, file)
	}
}
