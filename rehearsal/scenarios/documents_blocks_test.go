package scenarios_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// The mark of a block of commands follows "sh" in its first line. GitHub does not show it. A block without a mark is
// run.
const (
	// needsAccount is the mark of commands that need an account, a cluster, a registry or GitHub.
	needsAccount = "account"
	// testedBy precedes the name of a test that runs the same commands, as in "tested apps/dev.TestX", or of a workflow,
	// as in "tested .github/workflows/checks.yml".
	testedBy = "tested "
)

// elsewhere returns the targets of make that take minutes, change the code or wait for the user, each with the test
// or workflow that runs it.
func elsewhere() map[string]string {
	return map[string]string{
		"builds":      ".github/workflows/checks.yml",
		"dev":         "apps/dev.TestEachPrintedRequestWorksAndCtrlCStopsEverything",
		"e2e":         ".github/workflows/checks.yml",
		"environment": "rehearsal/scenarios.TestAnEnvironmentIsCreatedDeployedAndRemoved",
		"digests":     "tools/ci.TestDeliverImagesPushesACommitToMain",
		"golden":      "tools/service.TestAServiceOfEachKind",
		"images":      "tools/images.TestTheServicesArePushedAndCanBePulled",
		"lint":        ".github/workflows/checks.yml",
		"scenarios":   ".github/workflows/checks.yml",
		"service":     "tools/service.TestAServiceOfEachKind",
		"shell":       "rehearsal/scenarios.TestPulumiWorksInTheShell",
		"test":        ".github/workflows/checks.yml",
	}
}

// block is a fenced block of commands in a document.
type block struct {
	document string
	// line is the line of its first command in the document.
	line       int
	mark, text string
}

// command is a command in a block, without the variables before it.
type command struct {
	line  int
	words []string
}

var fence = regexp.MustCompile("^( *)```(.*)$")

// commandStart matches the beginning of a command, as opposed to output.
var commandStart = regexp.MustCompile(`^(\$ |(aws|git|go|kubectl|make|pulumi)( |$)|tools/)`)

// reader reads a document line by line.
type reader struct {
	document string
	blocks   []block
	// problems are about blocks that are not marked as commands.
	problems []string
	// inside is true in a block. Its lines start with indent.
	inside           bool
	language, indent string
}

// blocksOf returns the blocks of commands in a document, and the problems of other blocks: commands without the mark
// sh.
func blocksOf(document, text string) ([]block, []string) {
	r := &reader{document: document}

	for i, line := range strings.Split(text, "\n") {
		match := fence.FindStringSubmatch(line)

		switch {
		case match != nil && r.inside:
			r.inside = false
		case match != nil:
			r.begin(i+1, match[1], match[2])
		case r.inside:
			r.line(i+1, strings.TrimPrefix(line, r.indent))
		}
	}

	return r.blocks, r.problems
}

func (r *reader) begin(number int, indent, info string) {
	language, mark, _ := strings.Cut(info, " ")
	r.inside, r.language, r.indent = true, language, indent

	switch language {
	case "sh":
		r.blocks = append(r.blocks, block{document: r.document, line: number + 1, mark: mark})
	case "bash", "console", "shell", "shell-session":
		r.problems = append(r.problems,
			fmt.Sprintf("%s:%d: no test runs a block marked %q; expected sh", r.document, number, language))
	}
}

func (r *reader) line(number int, text string) {
	switch {
	case r.language == "sh":
		r.blocks[len(r.blocks)-1].text += text + "\n"
	case r.language == "" && commandStart.MatchString(text):
		r.problems = append(r.problems, fmt.Sprintf("%s:%d: no test runs this command; expected the mark sh: %s",
			r.document, number, text))
	}
}

var (
	comment  = regexp.MustCompile(`(?m)(^|\s)#.*$`)
	word     = regexp.MustCompile(`\\\n|(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\&|;()<>])+|[&|;()<>]+|\n`)
	variable = regexp.MustCompile(`^[A-Za-z_]\w*=`)
)

// commands returns all commands of a block, including those in $(…).
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

// usesPulumi reports whether the block runs pulumi, which requires the rehearsal's shell.
func (b block) usesPulumi() bool {
	return slices.ContainsFunc(b.commands(), func(c command) bool { return c.words[0] == "pulumi" })
}

// isRunElsewhere reports whether all commands of the block are run elsewhere.
func (b block) isRunElsewhere() bool {
	return !slices.ContainsFunc(b.commands(), func(c command) bool {
		return !slices.ContainsFunc(c.targets(), func(target string) bool { return elsewhere()[target] != "" })
	})
}

// problems returns the problems of a block: its mark, and references to things that the repository does not have.
func (b block) problems(root string) []string {
	var problems []string

	if err := b.checkMark(root); err != nil {
		problems = append(problems, fmt.Sprintf("%s:%d: %v", b.document, b.line-1, err))
	}

	known := targetsOf(root)

	for _, c := range b.commands() {
		at := fmt.Sprintf("%s:%d: ", b.document, c.line)

		for _, target := range c.targets() {
			if !slices.Contains(known, target) {
				problems = append(problems, at+"make has no target "+target)
			}
		}

		if script := c.words[0]; strings.HasPrefix(script, "tools/") && !isExecutable(filepath.Join(root, script)) {
			problems = append(problems, at+script+" is missing or not executable")
		}

		if text := strings.Join(c.words, " "); configCommand.MatchString(text) && !checkedConfig.MatchString(text) {
			problems = append(problems, at+"expected pulumi config set --stack <environment> --path …, which is checked")
		}
	}

	return problems
}

var (
	configCommand = regexp.MustCompile(`^pulumi config (set|rm)\b`)
	checkedConfig = regexp.MustCompile(`^pulumi config (?:set|rm) --stack (account|sandbox|staging) --path `)
)

func (b block) checkMark(root string) error {
	if b.mark == "" || b.mark == needsAccount {
		return nil
	}

	reference, isTested := strings.CutPrefix(b.mark, testedBy)
	if !isTested {
		return fmt.Errorf("unknown mark %q; expected none, account or tested <package>.<Test>", b.mark)
	}

	return checkReference(root, reference, b.targets())
}

func isExecutable(file string) bool {
	info, err := os.Stat(file)

	return err == nil && info.Mode()&0o100 != 0
}

// targets returns the targets of a make command.
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

// targetsOf returns the phony targets of the Makefile.
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

// checkReference returns an error if the test or the workflow that runs a block's commands does not exist, or if the
// workflow does not run the targets.
func checkReference(root, reference string, targets []string) error {
	if filepath.Ext(reference) == ".yml" {
		return checkWorkflow(filepath.Join(root, reference), targets)
	}

	at := strings.LastIndex(reference, ".")
	if at < 0 {
		return fmt.Errorf("expected the package and the name of a test, such as apps/dev.TestX; got %q", reference)
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

	return fmt.Errorf("the test %s does not exist", reference)
}

func checkWorkflow(file string, targets []string) error {
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return fmt.Errorf("reading the workflow: %w", err)
	}

	for _, target := range targets {
		if !strings.Contains(string(text), "run: make "+target+"\n") {
			return fmt.Errorf("%s does not run make %s", filepath.Base(file), target)
		}
	}

	return nil
}
