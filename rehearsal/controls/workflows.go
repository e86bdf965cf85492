package controls

import (
	"io/fs"
	"maps"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"
)

// workflow is what A6 reads of a GitHub workflow. A node keeps its comment.
type workflow struct {
	On          yaml.Node `yaml:"on"`
	Permissions yaml.Node `yaml:"permissions"`
	Jobs        map[string]struct {
		Permissions yaml.Node `yaml:"permissions"`
		Uses        yaml.Node `yaml:"uses"`
		Steps       []struct {
			Uses yaml.Node `yaml:"uses"`
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

// workflows is A6. tools/ci/policy tests rules of our own, such as those about secrets.
func workflows(c *check) {
	files, _ := fs.Glob(c.Repository, ".github/workflows/*.y*ml") // the pattern is valid

	for _, file := range files {
		text, err := fs.ReadFile(c.Repository, file)

		var read workflow
		if err == nil {
			err = yaml.Unmarshal(text, &read)
		}

		if err != nil {
			c.holdAt(Evidence{File: file, Property: "jobs"}, false, "cannot be read: "+err.Error())

			continue
		}

		c.workflow(file, &read)
	}
}

// workflow checks one workflow.
func (c *check) workflow(file string, w *workflow) {
	isOwn := func(permissions yaml.Node) bool { return permissions.Kind == yaml.MappingNode }

	c.holdAt(Evidence{File: file, Property: "on"}, !mentions(&w.On, "pull_request_target"),
		"pull_request_target runs strangers' code with our permissions: use workflow_run, as comment.yml does")
	c.holdAt(Evidence{File: file, Property: "permissions"}, isOwn(w.Permissions) && len(w.Permissions.Content) == 0,
		"expected {}: each job declares its own")

	for _, name := range slices.Sorted(maps.Keys(w.Jobs)) {
		job, at := w.Jobs[name], Evidence{File: file, Property: "jobs"}
		c.holdAt(at, isOwn(job.Permissions), name+": permissions must be listed by name, such as contents: read")

		uses := []yaml.Node{job.Uses}
		for _, step := range job.Steps {
			uses = append(uses, step.Uses)
		}

		for _, action := range uses {
			if !action.IsZero() {
				c.holdAt(at, pinned(action),
					name+": "+action.Value+": expected a full commit and its version, owner/name@<40 digits> # v1.2.3")
			}
		}
	}
}

// pinned reports whether an action is named by its commit: a tag can be moved.
func pinned(action yaml.Node) bool {
	return regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40}$`).MatchString(action.Value) &&
		regexp.MustCompile(`^# v\d+\.\d+\.\d+$`).MatchString(action.LineComment)
}

// mentions reports whether a word is in a value, a list or a mapping.
func mentions(node *yaml.Node, word string) bool {
	return node.Value == word || slices.ContainsFunc(node.Content, func(inner *yaml.Node) bool {
		return mentions(inner, word)
	})
}
