package kubernetes

import (
	"errors"
	"fmt"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/faults"
)

// refusal is an error of an API server or of Helm.
type refusal struct {
	message string
}

// Error is the end of the message that the provider prints.
func (r *refusal) Error() string { return r.message }

func refuse(format string, arguments ...any) error {
	return &refusal{message: fmt.Sprintf(format, arguments...)}
}

// missing is a refusal for an absent object.
func missing(plural string) func(string) error {
	return func(id string) error { return refuse("%s %q not found", plural, id) }
}

// Explain writes an error as the provider prints it. A refusal of Helm's is no answer of an API server.
func (*Cloud) Explain(operation faults.Operation, kind behaviour.Kind, id string, err error) string {
	past := map[faults.Operation]string{
		faults.Create: "created", faults.Update: "updated", faults.Delete: "deleted",
	}[operation]

	var answer *refusal
	if !errors.As(err, &answer) {
		return fmt.Sprintf("%s was not successfully %s: %s", subject(kind, id), past, err)
	}

	if kind.Type == typeRelease {
		return fmt.Sprintf("%s was not successfully %s: %s", subject(kind, id), past, answer)
	}

	return fmt.Sprintf("resource %s was not successfully %s by the Kubernetes API server: %s",
		subject(kind, id), past, answer)
}

// Fault is the error of a rehearsed failure, which is temporary.
func (c *Cloud) Fault(fault faults.Fault, kind behaviour.Kind, id string) string {
	return c.Explain(fault.Operation, kind, id,
		refuse("the server is currently unable to handle the request (rehearsed: %s)", fault))
}

func subject(kind behaviour.Kind, id string) string {
	if id == "" {
		return kind.Title
	}

	return kind.Title + " " + id
}
