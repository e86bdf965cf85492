// Package githubtest is a fake repository on GitHub: it stores comments and issues, and answers as the REST API does.
package githubtest

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/tools/ci/github"
)

const (
	// Token is the only accepted token.
	Token = "token-of-the-workflow"
	// Repository is the only repository.
	Repository = "msur/platform"
)

// Text is a comment or an issue.
type Text struct {
	ID     int               `json:"id"`
	Number int               `json:"number"`
	Title  string            `json:"title"`
	Body   string            `json:"body"`
	State  string            `json:"state"`
	User   map[string]string `json:"user"`
	Labels []string          `json:"labels"`
}

// Server is the content of the repository. Set its fields before the first request.
type Server struct {
	// PullRequests are the open pull requests as GitHub describes them, by owner and branch.
	PullRequests map[string][]map[string]any
	// Archives are the artifacts of run 42 by name, in the order of its attempts.
	Archives map[string][][]byte
	// Comments are on pull request 7. An issue's number is its position, from 1.
	Comments, Issues []Text

	mutex sync.Mutex
}

// Start starts the server, and returns a client of its repository.
func (s *Server) Start(t *testing.T) *github.Client {
	t.Helper()

	routes := http.NewServeMux()
	routes.HandleFunc("GET /pulls", s.pulls)
	routes.HandleFunc("GET /actions/runs/42/artifacts", s.artifacts)
	routes.HandleFunc("GET /actions/artifacts/{id}/zip", s.archive)
	routes.HandleFunc("GET /issues/7/comments", list(&s.Comments))
	routes.HandleFunc("POST /issues/{number}/comments", s.create(&s.Comments))
	routes.HandleFunc("PATCH /issues/comments/{id}", change(&s.Comments))
	routes.HandleFunc("GET /issues", list(&s.Issues))
	routes.HandleFunc("POST /issues", s.create(&s.Issues))
	routes.HandleFunc("PATCH /issues/{id}", change(&s.Issues))

	server := httptest.NewServer(http.StripPrefix("/repos/"+Repository, s.authenticate(routes)))
	t.Cleanup(server.Close)

	return &github.Client{URL: server.URL, Repository: Repository, Token: Token, HTTP: server.Client()}
}

// authenticate checks the token, and serves one request at a time.
func (s *Server) authenticate(next http.Handler) http.Handler {
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

// Zip returns an archive of files by name.
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

// PullRequest returns a pull request as GitHub describes it.
func PullRequest(number int, repository, sha string) map[string]any {
	return map[string]any{
		"number": number,
		"head":   map[string]any{"sha": sha, "repo": map[string]any{"full_name": repository}},
	}
}

func (s *Server) pulls(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("state") != "open" {
		http.Error(w, `{"message":"expected state=open"}`, http.StatusUnprocessableEntity)

		return
	}

	answer(w, s.PullRequests[r.FormValue("head")])
}

func (s *Server) artifacts(w http.ResponseWriter, r *http.Request) {
	found := []map[string]any{}
	name := r.FormValue("name")

	for attempt, archive := range s.Archives[name] {
		found = append(found, map[string]any{
			"id": artifactID(name, attempt), "name": name, "size_in_bytes": len(archive), "expired": false,
		})
	}

	answer(w, map[string]any{"artifacts": found})
}

// artifactID returns the ID of an artifact. In each test, no two names have the same length.
func artifactID(name string, attempt int) int { return len(name)*100 + attempt + 1 }

func (s *Server) archive(w http.ResponseWriter, r *http.Request) {
	for name, archives := range s.Archives {
		for attempt, archive := range archives {
			if strconv.Itoa(artifactID(name, attempt)) == r.PathValue("id") {
				_, _ = w.Write(archive)

				return
			}
		}
	}

	http.NotFound(w, r)
}

// list answers with a page of the texts that have the requested state and label.
func list(texts *[]Text) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page, errPage := strconv.Atoi(r.FormValue("page"))
		size, errSize := strconv.Atoi(r.FormValue("per_page"))

		if errPage != nil || errSize != nil || page < 1 || size > 100 {
			http.Error(w, `{"message":"expected page and per_page"}`, http.StatusUnprocessableEntity)

			return
		}

		found := []Text{}

		for _, text := range *texts {
			state, label := r.FormValue("state"), r.FormValue("labels")
			if (state == "" || text.State == state) && (label == "" || slices.Equal(text.Labels, []string{label})) {
				text.Labels = nil // GitHub has objects there
				found = append(found, text)
			}
		}

		start := min((page-1)*size, len(found))
		answer(w, found[start:min(start+size, len(found))])
	}
}

// create adds a text of the workflow.
func (s *Server) create(texts *[]Text) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text := Text{
			ID: 1000 + len(s.Comments) + len(s.Issues), Number: len(*texts) + 1, State: "open",
			User: map[string]string{"login": "github-actions[bot]"},
		}
		_ = json.NewDecoder(r.Body).Decode(&text)
		*texts = append(*texts, text)

		w.WriteHeader(http.StatusCreated)
	}
}

// change changes fields of a comment by its ID, or of an issue by its number.
func change(texts *[]Text) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for i, text := range *texts {
			if id := r.PathValue("id"); id == strconv.Itoa(text.ID) || id == strconv.Itoa(text.Number) {
				_ = json.NewDecoder(r.Body).Decode(&(*texts)[i])

				return
			}
		}

		http.NotFound(w, r)
	}
}

// answer writes JSON.
func answer(w http.ResponseWriter, content any) {
	if err := json.NewEncoder(w).Encode(content); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
