package comment

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// event is GitHub's description of the finished run. The name of the branch is chosen by the pull request's author.
type event struct {
	Run struct {
		ID         int64  `json:"id"`
		Event      string `json:"event"`
		HeadBranch string `json:"head_branch"`
		HeadSHA    string `json:"head_sha"`
		Page       string `json:"html_url"`
		Head       struct {
			FullName string `json:"full_name"`
			Owner    struct {
				Login string `json:"login"`
			} `json:"owner"`
		} `json:"head_repository"`
	} `json:"workflow_run"`
}

// readEvent reads the file that GITHUB_EVENT_PATH names.
func readEvent(file string) (*event, error) {
	content, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return nil, fmt.Errorf("reading the event: %w", err)
	}

	var read event

	err = json.Unmarshal(content, &read)
	if err != nil {
		return nil, fmt.Errorf("decoding the event in %s: %w", file, err)
	}

	return &read, read.check()
}

// check fails unless the event describes a run of a pull request.
func (e *event) check() error {
	var problems []error

	if e.Run.Event != "pull_request" {
		problems = append(problems, fmt.Errorf("workflow_run.event is %q, expected pull_request", e.Run.Event))
	}

	if !regexp.MustCompile(`^[0-9a-f]{40}$`).MatchString(e.Run.HeadSHA) {
		problems = append(problems, fmt.Errorf("workflow_run.head_sha is %q, expected 40 hexadecimal digits", e.Run.HeadSHA))
	}

	if e.Run.ID <= 0 || e.Run.HeadBranch == "" || e.Run.Head.FullName == "" || e.Run.Head.Owner.Login == "" {
		problems = append(problems, errors.New("workflow_run must have id, head_branch and head_repository"))
	}

	return errors.Join(problems...)
}
