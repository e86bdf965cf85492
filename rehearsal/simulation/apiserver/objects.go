package apiserver

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"
)

// manager is the provider's name among the managers of fields.
const manager = "pulumi-kubernetes"

const (
	// pause is between two looks at something that is waited for.
	pause = 100 * time.Millisecond
	// deletePatience is how long the provider waits for a deletion.
	deletePatience = 10 * time.Minute
)

// ErrUnreachable is that nothing answers.
var ErrUnreachable = errors.New("configured Kubernetes cluster is unreachable")

// Apply has an object be as it says, by a server-side apply, and returns what it is then. Fields that somebody else has
// changed since stay his: that is a conflict. With dry, it only tells what the object would be if they did not.
func (s *Server) Apply(
	ctx context.Context, identity Identity, object map[string]any, dry bool,
) (map[string]any, error) {
	namespace, name := split(ID(object))
	options := metav1.ApplyOptions{FieldManager: manager}

	if dry {
		options.DryRun, options.Force = []string{metav1.DryRunAll}, true
	}

	applied, err := s.of(identity, namespace).Apply(ctx, name, &unstructured.Unstructured{Object: object}, options)
	if err != nil {
		return nil, explain(err)
	}

	return told(applied), nil
}

// Get returns an object, or nil where there is none.
func (s *Server) Get(ctx context.Context, identity Identity, id string) (map[string]any, error) {
	namespace, name := split(id)

	found, err := s.of(identity, namespace).Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, nil //nolint:nilnil // as documented
	}

	if err != nil {
		return nil, explain(err)
	}

	return told(found), nil
}

// Delete deletes an object and what it owns, and waits until it is gone.
func (s *Server) Delete(ctx context.Context, identity Identity, id string) error {
	namespace, name := split(id)
	foreground := metav1.DeletePropagationForeground

	err := s.of(identity, namespace).Delete(ctx, name, metav1.DeleteOptions{PropagationPolicy: &foreground})
	if apierrors.IsNotFound(err) {
		return nil
	}

	if err != nil {
		return explain(err)
	}

	var last map[string]any

	err = wait.PollUntilContextTimeout(ctx, pause, deletePatience, true, func(ctx context.Context) (bool, error) {
		last, err = s.Get(ctx, identity, id)

		return last == nil, err
	})
	if err == nil {
		return nil
	}

	finalizers := (&unstructured.Unstructured{Object: last}).GetFinalizers()

	return fmt.Errorf("waiting for its deletion, with finalizers [%s]: %w", strings.Join(finalizers, ", "), err)
}

// told is an object without the record of who manages which field.
func told(object *unstructured.Unstructured) map[string]any {
	object.SetManagedFields(nil)

	return object.Object
}

// explain tells a server that does not answer from one that refuses.
func explain(err error) error {
	var refused apierrors.APIStatus

	switch {
	case apierrors.IsConflict(err):
		return fmt.Errorf("the Server-Side Apply field conflict detected: %w", err)
	case errors.As(err, &refused):
		return err
	default:
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
}

// IsNotFound reports whether something is not there that an object needs: its namespace, or its kind.
func IsNotFound(err error) bool { return apierrors.IsNotFound(err) }
