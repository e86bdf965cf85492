package scenarios_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// The marks of a block of commands: what stands behind sh in the line that begins it. Nobody sees it who reads the
// document as GitHub shows it. A block without a mark is run.
const (
	// needsAccount is for what needs an account, a cluster, a registry or GitHub.
	needsAccount = "account"
	// testedBy comes before the name of a test that runs the same, as in "tested apps/dev.TestX", or of a workflow, as in
	// "tested .github/workflows/checks.yml".
	testedBy = "tested "
)

// elsewhere are the targets of make that take minutes, change the code or wait for a person, and what runs each.
func elsewhere() map[string]string {
	return map[string]string{
		"builds":    ".github/workflows/checks.yml",
		"dev":       "apps/dev.TestWhatIsPrintedCanBePasted",
		"e2e":       ".github/workflows/checks.yml",
		"digests":   "tools/ci.TestDeliverToSandboxPushesACommitToMain",
		"golden":    "tools/service.TestAServiceOfEachKind",
		"images":    "tools/images.TestTheServicesAsPushedAndPulled",
		"lint":      ".github/workflows/checks.yml",
		"scenarios": ".github/workflows/checks.yml",
		"service":   "tools/service.TestAServiceOfEachKind",
		"shell":     "rehearsal/scenarios.TestInTheShellPulumiItselfWorks",
		"test":      ".github/workflows/checks.yml",
	}
}

// block is what a document has people type, between two fences.
type block struct {
	document string
	// line is that of its first command in the document.
	line       int
	mark, text string
}

// command is one of a block, without the variables before it.
type command struct {
	line  int
	words []string
}

var fence = regexp.MustCompile("^( *)```(.*)$")

// typed is how a line begins that one types, and no program prints.
var typed = regexp.MustCompile(`^(\$ |(aws|git|go|kubectl|make|pulumi)( |$)|tools/)`)

// reader reads a document, line by line.
type reader struct {
	document string
	blocks   []block
	// wrong is what is wrong with the blocks that are none of commands.
	wrong []string
	// inside says that the line is in a block, language of which, and indent what each line of it begins with.
	inside           bool
	language, indent string
}

// blocksOf returns the blocks of commands in a document, and what is wrong with the others: commands in one that does
// not say that it has any.
func blocksOf(document, text string) ([]block, []string) {
	r := &reader{document: document}

	for i, line := range strings.Split(text, "\n") {
		begins := fence.FindStringSubmatch(line)

		switch {
		case begins != nil && r.inside:
			r.inside = false
		case begins != nil:
			r.begin(i+1, begins[1], begins[2])
		case r.inside:
			r.line(i+1, strings.TrimPrefix(line, r.indent))
		}
	}

	return r.blocks, r.wrong
}

func (r *reader) begin(number int, indent, says string) {
	language, mark, _ := strings.Cut(says, " ")
	r.inside, r.language, r.indent = true, language, indent

	switch language {
	case "sh":
		r.blocks = append(r.blocks, block{document: r.document, line: number + 1, mark: mark})
	case "bash", "console", "shell", "shell-session":
		r.wrong = append(r.wrong, fmt.Sprintf("%s:%d: got %q, want sh: nobody runs the block", r.document, number, language))
	}
}

func (r *reader) line(number int, text string) {
	switch {
	case r.language == "sh":
		r.blocks[len(r.blocks)-1].text += text + "\n"
	case r.language == "" && typed.MatchString(text):
		r.wrong = append(r.wrong, fmt.Sprintf("%s:%d: a command in a block that is not marked sh: nobody runs it: %s",
			r.document, number, text))
	}
}

var (
	comment  = regexp.MustCompile(`(?m)(^|\s)#.*$`)
	word     = regexp.MustCompile(`\\\n|(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\&|;()<>])+|[&|;()<>]+|\n`)
	variable = regexp.MustCompile(`^[A-Za-z_]\w*=`)
)

// commands are those of a block: a line's one after the other, the inner ones of $(…) too.
func (b block) commands() []command {
	text := comment.ReplaceAllString(b.text, "")

	var (
		all  []command
		next command
	)

	for _, at := range word.FindAllStringIndex(text+"\n", -1) {
		switch found := (text + "\n")[at[0]:at[1]]; {
		case found == "\\\n", variable.MatchString(found) && len(next.words) == 0:
		case strings.ContainsAny(found[:1], "&|;()<>\n"):
			if len(next.words) > 0 {
				all = append(all, next)
			}

			next = command{}
		default:
			next.line = b.line + strings.Count(text[:at[0]], "\n")
			next.words = append(next.words, strings.Trim(found, `'"`))
		}
	}

	return all
}

// ofPulumi reports whether the block has a command of pulumi, which works in the rehearsal's shell.
func (b block) ofPulumi() bool {
	return slices.ContainsFunc(b.commands(), func(c command) bool { return c.words[0] == "pulumi" })
}

// isElsewhere reports whether all of the block is run elsewhere.
func (b block) isElsewhere() bool {
	return !slices.ContainsFunc(b.commands(), func(c command) bool {
		return !slices.ContainsFunc(c.targets(), func(target string) bool { return elsewhere()[target] != "" })
	})
}

// wrong tells what is wrong with a block as it stands there: its mark, and what the repository does not have.
func (b block) wrong(root string) []string {
	var wrong []string

	if err := b.wrongMark(root); err != nil {
		wrong = append(wrong, fmt.Sprintf("%s:%d: %v", b.document, b.line-1, err))
	}

	known := targetsOf(root)

	for _, c := range b.commands() {
		at := fmt.Sprintf("%s:%d: ", b.document, c.line)

		for _, target := range c.targets() {
			if !slices.Contains(known, target) {
				wrong = append(wrong, at+"make has no target "+target)
			}
		}

		if script := c.words[0]; strings.HasPrefix(script, "tools/") && !mayRun(filepath.Join(root, script)) {
			wrong = append(wrong, at+"there is no "+script+" that may be run")
		}

		if said := strings.Join(c.words, " "); configures.MatchString(said) && !setsIn.MatchString(said) {
			wrong = append(wrong, at+"want pulumi config set --stack <environment> --path …: nobody checks another form")
		}
	}

	return wrong
}

var (
	configures = regexp.MustCompile(`^pulumi config (set|rm)\b`)
	setsIn     = regexp.MustCompile(`^pulumi config (?:set|rm) --stack (account|sandbox|staging) --path `)
)

func (b block) wrongMark(root string) error {
	if b.mark == "" || b.mark == needsAccount {
		return nil
	}

	reference, isTested := strings.CutPrefix(b.mark, testedBy)
	if !isTested {
		return fmt.Errorf("got the mark %q, want none, account or tested <package>.<Test>", b.mark)
	}

	return runs(root, reference, b.targets())
}

func mayRun(file string) bool {
	about, err := os.Stat(file)

	return err == nil && about.Mode()&0o100 != 0
}

// targets are those that a command makes.
func (c command) targets() []string {
	if c.words[0] != "make" {
		return nil
	}

	return slices.DeleteFunc(slices.Clone(c.words[1:]), func(word string) bool {
		return variable.MatchString(word) || strings.HasPrefix(word, "-")
	})
}

func (b block) targets() []string {
	var all []string
	for _, c := range b.commands() {
		all = append(all, c.targets()...)
	}

	return all
}

// targetsOf are those of the Makefile that people type.
func targetsOf(root string) []string {
	text, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		panic(err)
	}

	var all []string
	for _, phony := range regexp.MustCompile(`(?m)^\.PHONY: (.+)$`).FindAllStringSubmatch(string(text), -1) {
		all = append(all, strings.Fields(phony[1])...)
	}

	return all
}

// runs fails where what is to run a block's commands is not there: a test, or a workflow, which must run its targets.
func runs(root, reference string, targets []string) error {
	if filepath.Ext(reference) == ".yml" {
		return workflowRuns(filepath.Join(root, reference), targets)
	}

	at := strings.LastIndex(reference, ".")
	if at < 0 {
		return fmt.Errorf("got %q, want the package of a test and its name: apps/dev.TestX", reference)
	}

	files, err := filepath.Glob(filepath.Join(root, reference[:at], "*_test.go"))
	if err != nil {
		return fmt.Errorf("looking for %s: %w", reference, err)
	}

	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil && strings.Contains(string(text), "\nfunc "+reference[at+1:]+"(t ") {
			return nil
		}
	}

	return fmt.Errorf("there is no test %s", reference)
}

func workflowRuns(file string, targets []string) error {
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return fmt.Errorf("looking for what runs it: %w", err)
	}

	for _, target := range targets {
		if !strings.Contains(string(text), "run: make "+target+"\n") {
			return fmt.Errorf("%s does not run make %s", filepath.Base(file), target)
		}
	}

	return nil
}
