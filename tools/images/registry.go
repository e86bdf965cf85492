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

// tagLength is how much of the digest is the tag: 48 bits, as of a commit.
const tagLength = 12

// repositoriesOf returns the repository of each service, by name: <registry>/<name>. Without a registry there are none.
func repositoriesOf(registry string, services []service) (map[string]name.Repository, error) {
	if registry == "" {
		return nil, nil //nolint:nilnil // nothing is pushed
	}

	// OCI's grammar of names. A first part without a dot or a port is a folder at a registry that nobody has named.
	form := regexp.MustCompile(`^([a-zA-Z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$`)
	host, _, _ := strings.Cut(registry, "/")

	if !form.MatchString(registry) || !strings.ContainsAny(host, ".:") && host != "localhost" {
		return nil, fmt.Errorf("registry: got %q, want host[:port][/path], without https:// and in small letters", registry)
	}

	repositories := make(map[string]name.Repository, len(services))

	for _, s := range services {
		repository, err := name.NewRepository(registry+"/"+s.name, name.StrictValidation)
		if err != nil {
			return nil, fmt.Errorf("registry: got %q: %w", registry, err)
		}

		if repository.Scheme() == "http" && !loopback(host) {
			return nil, fmt.Errorf("registry: got %q, want a public name, with HTTPS, or this machine: "+
				"a private one would be asked in plain HTTP, too", registry)
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

// mayPush asks the registry whether each repository takes what is pushed.
func mayPush(repositories map[string]name.Repository) error {
	problems := make([]error, 0, len(repositories))

	for _, called := range slices.Sorted(maps.Keys(repositories)) {
		repository := repositories[called]

		err := remote.CheckPushPermission(repository.Tag("check"), authn.DefaultKeychain, remote.DefaultTransport)
		if err != nil {
			problems = append(problems, failed("asking to push to", repository, err))
		}
	}

	return errors.Join(problems...)
}

// push uploads an image and its SBOM, and tells whether it had to.
//
// The tag comes last, so that what has it is whole: a push that was cut off is done again. It is made of the digest. It
// never moves, and it keeps registries from deleting the image as one that has no tag.
func push(ctx context.Context, repository name.Repository, made *image) (string, error) {
	options := []remote.Option{remote.WithContext(ctx), remote.WithAuthFromKeychain(authn.DefaultKeychain)}
	tag := repository.Tag(made.digest.Hex[:tagLength])

	there, err := remote.Head(tag, options...)

	switch {
	case err == nil && there.Digest == made.digest:
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

// failed says what was done where, and what to do where the registry does not know who asks.
func failed(doing string, repository name.Repository, err error) error {
	if code := status(err); code == http.StatusUnauthorized || code == http.StatusForbidden {
		return fmt.Errorf("%s %s: %w (credentials are those of Docker's config.json: docker login %s)",
			doing, repository, err, repository.RegistryStr())
	}

	return fmt.Errorf("%s %s: %w", doing, repository, err)
}

// status is what the registry answered, or 0 where it did not.
func status(err error) int {
	if answer, is := errors.AsType[*transport.Error](err); is {
		return answer.StatusCode
	}

	return 0
}
