package controls

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
)

// document is what a control reads of a policy. (AWS capitalises the names; the decoder does not mind.)
type document struct {
	Statement statements `json:"statement"`
}

// statements are a list of them, or one by itself.
type statements []statement

// UnmarshalJSON reads either.
func (s *statements) UnmarshalJSON(text []byte) error {
	var one statement
	if json.Unmarshal(text, &one) == nil {
		*s = statements{one}

		return nil
	}

	return json.Unmarshal(text, (*[]statement)(s))
}

// statement is one of a policy. Where a field is of any type, AWS takes a text or a list of texts.
type statement struct {
	Effect       string                    `json:"effect"`
	Principal    any                       `json:"principal"`
	NotPrincipal any                       `json:"notPrincipal"`
	Action       any                       `json:"action"`
	NotAction    any                       `json:"notAction"`
	Resource     any                       `json:"resource"`
	Condition    map[string]map[string]any `json:"condition"`
}

// readDocument reads a policy, and reports whether it is one.
func readDocument(written string) (document, bool) {
	var read document

	err := json.Unmarshal([]byte(written), &read)

	return read, err == nil
}

// allowed are the statements that give something: one that denies neither delegates nor makes public.
func (d document) allowed() []statement {
	return slices.DeleteFunc(slices.Clone(d.Statement), func(s statement) bool { return s.Effect != "Allow" })
}

// denied are the statements that take something away, whatever else gives it.
func (d document) denied() []statement {
	return slices.DeleteFunc(slices.Clone(d.Statement), func(s statement) bool { return s.Effect != "Deny" })
}

// covers reports whether the statement is about an action: IAM's patterns, which do not mind capitals.
func (s statement) covers(action string) bool {
	return slices.ContainsFunc(texts(s.Action), func(pattern string) bool {
		matches, err := path.Match(strings.ToLower(pattern), strings.ToLower(action))

		return err == nil && matches
	})
}

// texts returns the texts in a JSON value: actions and values are a text or a list of them, a principal is
// also a map of either.
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

// only reports whether a value, or the one in a list, is the text.
func only(value any, want string) bool { return slices.Equal(texts(value), []string{want}) }
