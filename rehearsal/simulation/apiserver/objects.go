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

// Manager is the provider's name as a field manager.
const Manager = "pulumi-kubernetes"

const (
	// pause is the interval of polling.
	pause = 100 * time.Millisecond
	// deletePatience is how long the provider waits for a deletion.
	deletePatience = 10 * time.Minute
)

// ErrUnreachable means that the server does not answer.
var ErrUnreachable = errors.New("configured Kubernetes cluster is unreachable")

// Apply applies an object by server-side apply, and returns its state. Fields that another manager has changed since
// are a conflict. With dry, it changes nothing, and returns the state that the object would have.
func (s *Server) Apply(
	ctx context.Context, identity Identity, object map[string]any, dry bool,
) (map[string]any, error) {
	namespace, name := split(ID(object))
	options := metav1.ApplyOptions{FieldManager: Manager}

	if dry {
		options.DryRun = []string{metav1.DryRunAll}
	}

	applied, err := s.of(identity, namespace).Apply(ctx, name, &unstructured.Unstructured{Object: object}, options)
	if err != nil {
		return nil, explain(err)
	}

	return state(applied), nil
}

// Get returns an object, or nil if there is none.
func (s *Server) Get(ctx context.Context, identity Identity, id string) (map[string]any, error) {
	namespace, name := split(id)

	found, err := s.of(identity, namespace).Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, nil //nolint:nilnil // as documented
	}

	if err != nil {
		return nil, explain(err)
	}

	return state(found), nil
}

// Delete deletes an object and its dependents, and waits until it is gone.
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

	return fmt.Errorf("waiting for the deletion of %s, with finalizers [%s]: %w", id, strings.Join(finalizers, ", "), err)
}

// state is an object without its managed fields.
func state(object *unstructured.Unstructured) map[string]any {
	object.SetManagedFields(nil)

	return object.Object
}

// explain distinguishes a refusal from a server that does not answer.
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

// IsNotFound reports whether an object's namespace or kind does not exist.
func IsNotFound(err error) bool { return apierrors.IsNotFound(err) }
