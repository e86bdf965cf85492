package comment

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// workflowRun is GitHub's description of the finished run. The author of the pull request chooses the branch's name.
type workflowRun struct {
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
}

// readEvent reads the file that GITHUB_EVENT_PATH names, and fails unless it describes a run of a pull request.
func readEvent(file string) (workflowRun, error) {
	content, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return workflowRun{}, fmt.Errorf("reading the event: %w", err)
	}

	var event struct {
		Run workflowRun `json:"workflow_run"`
	}
	if err := json.Unmarshal(content, &event); err != nil {
		return workflowRun{}, fmt.Errorf("decoding the event in %s: %w", file, err)
	}

	var problems []error

	run := event.Run
	if run.Event != "pull_request" {
		problems = append(problems, fmt.Errorf("workflow_run.event is %q, expected pull_request", run.Event))
	}

	if !regexp.MustCompile(`^[0-9a-f]{40}$`).MatchString(run.HeadSHA) {
		problems = append(problems, fmt.Errorf("workflow_run.head_sha is %q, expected 40 hexadecimal digits", run.HeadSHA))
	}

	if run.ID <= 0 || run.HeadBranch == "" || run.Head.FullName == "" || run.Head.Owner.Login == "" {
		problems = append(problems, errors.New("workflow_run must have id, head_branch and head_repository"))
	}

	return run, errors.Join(problems...)
}
