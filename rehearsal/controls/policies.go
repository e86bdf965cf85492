package controls

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// policy is an IAM policy document. (The decoder ignores the case of the keys.)
type policy struct {
	Statement statements `json:"statement"`
}

// statements is a list of statements. In JSON, a single statement may stand for the list.
type statements []statement

// UnmarshalJSON decodes a list or a single statement.
func (s *statements) UnmarshalJSON(text []byte) error {
	var single statement
	if json.Unmarshal(text, &single) == nil {
		*s = statements{single}

		return nil
	}

	return json.Unmarshal(text, (*[]statement)(s))
}

// statement is a statement of a policy. Fields of type any are a string or a list of strings; principals may also be a
// map of these.
type statement struct {
	Effect       string                    `json:"effect"`
	Principal    any                       `json:"principal"`
	NotPrincipal any                       `json:"notPrincipal"`
	Action       any                       `json:"action"`
	NotAction    any                       `json:"notAction"`
	Resource     any                       `json:"resource"`
	Condition    map[string]map[string]any `json:"condition"`
}

// readPolicy decodes a policy, and reports whether it is one.
func readPolicy(text string) (policy, bool) {
	var read policy

	err := json.Unmarshal([]byte(text), &read)

	return read, err == nil
}

// allowed returns the statements that allow something.
func (p policy) allowed() []statement { return p.withEffect("Allow") }

// denied returns the statements that deny something.
func (p policy) denied() []statement { return p.withEffect("Deny") }

func (p policy) withEffect(effect string) []statement {
	return slices.DeleteFunc(slices.Clone(p.Statement), func(s statement) bool { return s.Effect != effect })
}

// covers reports whether the statement applies to an action. IAM's patterns ignore case.
func (s statement) covers(action string) bool {
	return slices.ContainsFunc(texts(s.Action), func(pattern string) bool {
		matches, err := path.Match(strings.ToLower(pattern), strings.ToLower(action))

		return err == nil && matches
	})
}

// forEveryone reports whether the statement names all principals.
func (s statement) forEveryone() bool { return slices.Contains(texts(s.Principal), "*") }

// isForPlainText reports whether the statement applies to everyone without TLS, under no other condition.
func (s statement) isForPlainText() bool {
	return s.forEveryone() && len(s.Condition) == 1 && only(s.Condition["Bool"]["aws:SecureTransport"], "false")
}

// isPublic reports whether a statement that allows something names all principals, or all but some.
func (s statement) isPublic() bool { return s.forEveryone() || s.NotPrincipal != nil }

// texts returns the strings in a JSON value: a string, a list, or a map of these.
func texts(value any) []string {
	var found []string

	switch v := value.(type) {
	case string:
		found = []string{v}
	case []any:
		for _, element := range v {
			found = append(found, texts(element)...)
		}
	case map[string]any:
		for _, element := range v {
			found = append(found, texts(element)...)
		}
	}

	return found
}

// only reports whether a value consists of one string.
func only(value any, want string) bool { return slices.Equal(texts(value), []string{want}) }
