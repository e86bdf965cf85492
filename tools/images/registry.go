package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// tagLength is the length of a tag, which is the start of the digest: 48 bits, as in a short commit.
const tagLength = 12

// repositoriesOf returns the repository <registry>/<name> of each service, and none without a registry.
func repositoriesOf(registry string, services []service) (map[string]name.Repository, error) {
	if registry == "" {
		return nil, nil //nolint:nilnil // nothing is pushed
	}

	// This is OCI's grammar of names. A first part without a dot or port would be a folder of the default registry.
	form := regexp.MustCompile(`^([a-zA-Z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$`)
	host, _, _ := strings.Cut(registry, "/")

	if !form.MatchString(registry) || !strings.ContainsAny(host, ".:") && host != "localhost" {
		return nil, fmt.Errorf("registry is %q, expected host[:port][/path] in lower case, without https://", registry)
	}

	repositories := make(map[string]name.Repository, len(services))

	for _, s := range services {
		repository, err := name.NewRepository(registry+"/"+s.name, name.StrictValidation)
		if err != nil {
			return nil, fmt.Errorf("registry is %q: %w", registry, err)
		}

		if repository.Scheme() == "http" && !loopback(host) {
			return nil, fmt.Errorf("registry is %q, expected a public name or this machine: a private name would be contacted "+
				"without TLS", registry)
		}

		repositories[s.name] = repository
	}

	return repositories, nil
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	address, err := netip.ParseAddrPort(host)

	return err == nil && address.Addr().IsLoopback() || strings.HasPrefix(host+":", "localhost:")
}

// mayPush checks that the credentials allow pushing to each repository.
func mayPush(repositories map[string]name.Repository) error {
	problems := make([]error, 0, len(repositories))

	for _, called := range slices.Sorted(maps.Keys(repositories)) {
		repository := repositories[called]

		err := remote.CheckPushPermission(repository.Tag("check"), authn.DefaultKeychain, remote.DefaultTransport)
		if err != nil {
			problems = append(problems, failed("checking the permission to push to", repository, err))
		}
	}

	return errors.Join(problems...)
}

// push uploads an image and its SBOM unless the registry has them, and returns "pushed" or "unchanged".
//
// The tag is pushed last, so a tagged image is complete: an interrupted push is repeated. The tag is derived from the
// digest and never moves. It keeps registries from deleting the image as untagged.
func push(ctx context.Context, repository name.Repository, made *image) (string, error) {
	options := []remote.Option{remote.WithContext(ctx), remote.WithAuthFromKeychain(authn.DefaultKeychain)}
	tag := repository.Tag(made.digest.Hex[:tagLength])

	existing, err := remote.Head(tag, options...)

	switch {
	case err == nil && existing.Digest == made.digest:
		return "unchanged", nil
	case err != nil && status(err) != http.StatusNotFound:
		return "", failed("looking for "+made.name+" in", repository, err)
	}

	err = remote.WriteIndex(repository.Digest(made.digest.String()), made.index, options...)
	if err != nil {
		return "", failed("pushing the image to", repository, err)
	}

	digest, err := made.sbom.Digest()
	if err == nil {
		err = remote.Write(repository.Digest(digest.String()), made.sbom, options...)
	}

	if err != nil {
		return "", failed("pushing the SBOM to", repository, err)
	}

	err = remote.Tag(tag, made.index, options...)
	if err != nil {
		return "", failed("tagging the image in", repository, err)
	}

	return "pushed", nil
}

// failed adds the operation, the repository, and a hint about credentials to an error.
func failed(doing string, repository name.Repository, err error) error {
	if code := status(err); code == http.StatusUnauthorized || code == http.StatusForbidden {
		return fmt.Errorf("%s %s: %w (the credentials come from Docker's config.json: run docker login %s)",
			doing, repository, err, repository.RegistryStr())
	}

	return fmt.Errorf("%s %s: %w", doing, repository, err)
}

// status returns the HTTP status of the registry's response, or 0 without a response.
func status(err error) int {
	if response, ok := errors.AsType[*transport.Error](err); ok {
		return response.StatusCode
	}

	return 0
}
