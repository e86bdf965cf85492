package aws

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/faults"
)

// refusal is an error of an AWS API.
type refusal struct {
	status  int
	code    string
	message string
}

// Error is the end of the provider's message.
func (r *refusal) Error() string {
	return fmt.Sprintf("api error %s: %s", r.code, r.message)
}

func refuse(code, format string, arguments ...any) error {
	return refuseWith(400, code, format, arguments...)
}

// refuseWith is a refusal whose HTTP status is not the usual one.
func refuseWith(status int, code, format string, arguments ...any) error {
	return &refusal{status: status, code: code, message: fmt.Sprintf(format, arguments...)}
}

// failure is an error of the provider itself: it did not call the API, or its wait timed out after the API had accepted
// the call.
type failure struct {
	message string
}

// Error is the provider's whole message.
func (f *failure) Error() string {
	return f.message
}

func fail(format string, arguments ...any) error {
	return &failure{message: fmt.Sprintf(format, arguments...)}
}

// apiAnswer is an answer of an API as types/*.yaml write it: an HTTP status other than 400, a code and a message.
var apiAnswer = regexp.MustCompile(`^(?:(\d{3}) )?([A-Z][A-Za-z.]+): (?s)(.*)$`)

// answer is the error of a text with its placeholders filled in. A text without a code is the provider's own.
func answer(text string, lookup func(name string, length int) string) error {
	text = behaviour.Replace(text, lookup)

	parts := apiAnswer.FindStringSubmatch(text)
	if parts == nil {
		return fail("%s", text)
	}

	status, _ := strconv.Atoi(cmp.Or(parts[1], "400")) // digits, by the pattern

	return refuseWith(status, parts[2], "%s", parts[3])
}

// Explain writes an error as the provider prints it: the operation, the resource, and the API's answer or the
// provider's own message.
func (*Cloud) Explain(operation faults.Operation, kind behaviour.Kind, id string, err error) string {
	if failed, ok := errors.AsType[*failure](err); ok {
		return failed.message
	}

	if unfinished, ok := errors.AsType[*behaviour.UnfinishedError](err); ok {
		return unfinished.Error()
	}

	var answer *refusal
	if !errors.As(err, &answer) {
		return fmt.Sprintf("%s %s: %s", gerund(operation), subject(kind, id), err)
	}

	verb := map[faults.Operation]string{
		faults.Create: kind.Calls[0], faults.Update: kind.Calls[1], faults.Delete: kind.Calls[2],
	}[operation]

	return fmt.Sprintf("%s %s: operation error %s: %s, https response error StatusCode: %d, RequestID: %s, %s",
		gerund(operation), subject(kind, id), kind.Service, verb, answer.status, requestID(verb+id+answer.Error()), answer)
}

// Fault is the error of a rehearsed failure, which is temporary.
func (c *Cloud) Fault(fault faults.Fault, kind behaviour.Kind, id string) string {
	unavailable := &refusal{
		status: 503, code: "ServiceUnavailable",
		message: fmt.Sprintf("The request has failed due to a temporary failure of the server. (rehearsed: %s)", fault),
	}

	return c.Explain(fault.Operation, kind, id, unavailable)
}

func subject(kind behaviour.Kind, id string) string {
	if id == "" {
		return kind.Title
	}

	return fmt.Sprintf("%s (%s)", kind.Title, id)
}

func gerund(operation faults.Operation) string {
	return strings.TrimSuffix(string(operation), "e") + "ing"
}

// requestID has AWS's form, and is the same for the same error.
func requestID(text string) string {
	return behaviour.UUID(digest(text, 32))
}
