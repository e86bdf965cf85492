// Package githubtest is a repository on GitHub for tests: it keeps what it is told, and answers as the REST API does.
package githubtest

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/tools/ci/github"
)

// Token is the only one that is let in.
const Token = "token-of-the-workflow"

// open is the state of what is not closed.
const open = "open"

// Repository is the one that there is.
const Repository = "msur/platform"

// Text is a comment or an issue.
type Text struct {
	ID     int64             `json:"id"`
	Number int               `json:"number"`
	Title  string            `json:"title"`
	Body   string            `json:"body"`
	State  string            `json:"state"`
	User   map[string]string `json:"user"`
	Labels []string          `json:"labels"`
}

// Server holds what there is. Fields are set before the first request.
type Server struct {
	// PullRequests are the open ones, by the owner and branch that they come from, as GitHub has them.
	PullRequests map[string][]map[string]any
	// Archives are artifacts of the run 42 by name, in the order of its attempts.
	Archives map[string][][]byte
	// Comments are on pull request 7. Issues have their numbers by their order.
	Comments, Issues []Text

	mutex sync.Mutex
}

// Start has it answer.
func (s *Server) Start(t *testing.T) *github.Client {
	t.Helper()

	routes := http.NewServeMux()
	routes.HandleFunc("GET /pulls", s.pulls)
	routes.HandleFunc("GET /actions/runs/42/artifacts", s.artifacts)
	routes.HandleFunc("GET /actions/artifacts/{id}/zip", s.archive)
	routes.HandleFunc("GET /issues/7/comments", func(w http.ResponseWriter, r *http.Request) { s.page(w, r, s.Comments) })
	routes.HandleFunc("POST /issues/{number}/comments", s.addComment)
	routes.HandleFunc("PATCH /issues/comments/{id}", s.changeComment)
	routes.HandleFunc("GET /issues", s.issues)
	routes.HandleFunc("POST /issues", s.openIssue)
	routes.HandleFunc("PATCH /issues/{number}", s.changeIssue)

	server := httptest.NewServer(http.StripPrefix("/repos/"+Repository, s.letIn(routes)))
	t.Cleanup(server.Close)

	return &github.Client{URL: server.URL, Repository: Repository, Token: Token, HTTP: server.Client()}
}

// letIn asks for the token, and serves one request at a time.
func (s *Server) letIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mutex.Lock()
		defer s.mutex.Unlock()

		if r.Header.Get("Authorization") != "Bearer "+Token {
			http.Error(w, `{"message":"Bad credentials"}`, http.StatusUnauthorized)

			return
		}

		next.ServeHTTP(w, r)
	})
}

// Zip is an archive of files, by name.
func Zip(t *testing.T, files map[string]string) []byte {
	t.Helper()

	var archive bytes.Buffer

	writer := zip.NewWriter(&archive)

	for name, content := range files {
		file, err := writer.Create(name)
		require.NoError(t, err)

		_, err = file.Write([]byte(content))
		require.NoError(t, err)
	}

	require.NoError(t, writer.Close())

	return archive.Bytes()
}

// PullRequest is one as GitHub has it.
func PullRequest(number int, repository, sha string) map[string]any {
	return map[string]any{
		"number": number,
		"head":   map[string]any{"sha": sha, "repo": map[string]any{"full_name": repository}},
	}
}

func (s *Server) pulls(w http.ResponseWriter, r *http.Request) {
	found := s.PullRequests[r.FormValue("head")]
	if found == nil || r.FormValue("state") != open {
		found = []map[string]any{}
	}

	answer(w, found)
}

func (s *Server) artifacts(w http.ResponseWriter, r *http.Request) {
	found := []map[string]any{}

	for attempt, archive := range s.Archives[r.FormValue("name")] {
		found = append(found, map[string]any{
			"id": id(r.FormValue("name"), attempt), "name": r.FormValue("name"), "size_in_bytes": len(archive), "expired": false,
		})
	}

	answer(w, map[string]any{"artifacts": found})
}

// id is that of an artifact: names differ in length in every test.
func id(name string, attempt int) int { return len(name)*100 + attempt + 1 }

func (s *Server) archive(w http.ResponseWriter, r *http.Request) {
	for name, archives := range s.Archives {
		for attempt, archive := range archives {
			if strconv.Itoa(id(name, attempt)) == r.PathValue("id") {
				_, _ = w.Write(archive)

				return
			}
		}
	}

	http.NotFound(w, r)
}

// page answers with the page that is asked for.
func (s *Server) page(w http.ResponseWriter, r *http.Request, all []Text) {
	page, errPage := strconv.Atoi(r.FormValue("page"))
	size, errSize := strconv.Atoi(r.FormValue("per_page"))

	if errPage != nil || errSize != nil || page < 1 || size > 100 {
		http.Error(w, `{"message":"want page and per_page"}`, http.StatusUnprocessableEntity)

		return
	}

	start := min((page-1)*size, len(all))
	answer(w, append([]Text{}, all[start:min(start+size, len(all))]...))
}

// text is one by the workflow.
func (s *Server) text(r *http.Request) Text {
	written := Text{User: map[string]string{"login": "github-actions[bot]"}, State: open}
	_ = json.NewDecoder(r.Body).Decode(&written)
	written.ID = int64(1000 + len(s.Comments) + len(s.Issues))

	return written
}

func (s *Server) addComment(w http.ResponseWriter, r *http.Request) {
	s.Comments = append(s.Comments, s.text(r))

	w.WriteHeader(http.StatusCreated)
}

func (s *Server) changeComment(w http.ResponseWriter, r *http.Request) {
	for i := range s.Comments {
		if strconv.FormatInt(s.Comments[i].ID, 10) == r.PathValue("id") {
			_ = json.NewDecoder(r.Body).Decode(&s.Comments[i])

			return
		}
	}

	http.NotFound(w, r)
}

func (s *Server) issues(w http.ResponseWriter, r *http.Request) {
	all := []Text{}

	for _, one := range s.Issues {
		if one.State == open && fmt.Sprint(one.Labels) == "["+r.FormValue("labels")+"]" {
			one.Labels = nil
			all = append(all, one)
		}
	}

	s.page(w, r, all)
}

func (s *Server) openIssue(w http.ResponseWriter, r *http.Request) {
	written := s.text(r)
	written.Number = len(s.Issues) + 1
	s.Issues = append(s.Issues, written)

	w.WriteHeader(http.StatusCreated)
}

func (s *Server) changeIssue(w http.ResponseWriter, r *http.Request) {
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil || number < 1 || number > len(s.Issues) {
		http.NotFound(w, r)

		return
	}

	_ = json.NewDecoder(r.Body).Decode(&s.Issues[number-1])
}

// answer writes JSON.
func answer(w http.ResponseWriter, what any) {
	err := json.NewEncoder(w).Encode(what)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
