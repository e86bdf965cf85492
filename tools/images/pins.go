package main

import (
	_ "embed"
	"errors"
	"fmt"

	"golang.org/x/mod/modfile"
)

// rootsModule is where the CA roots are from.
const rootsModule = "golang.org/x/crypto/x509roots/fallback"

// goMod is this module's: the one place in which the versions of Go and of the CA roots stand.
//
//go:embed go.mod
var goMod []byte

// pins are the versions that make an image beside its sources.
type pins struct{ toolchain, roots string }

func readPins() (pins, error) {
	parsed, err := modfile.Parse("go.mod", goMod, nil)
	if err != nil {
		return pins{}, fmt.Errorf("reading the versions in tools/images/go.mod: %w", err)
	}

	if parsed.Toolchain == nil {
		return pins{}, errors.New("tools/images/go.mod has no toolchain line, which says which Go makes the images")
	}

	read := pins{toolchain: parsed.Toolchain.Name}

	for _, required := range parsed.Require {
		if required.Mod.Path == rootsModule {
			read.roots = required.Mod.Version
		}
	}

	return read, nil
}

// checkToolchain holds the version of Go that runs this against the one that makes images. Another would compile other
// binaries, and might compress the same ones into other layers: the same sources would have two digests.
func checkToolchain(version string) error {
	pinned, err := readPins()
	if err != nil {
		return err
	}

	if want := pinned.toolchain; version != want {
		return fmt.Errorf("toolchain: got %s, want %s, as tools/images/go.mod says: build this with GOTOOLCHAIN=%s",
			version, want, want)
	}

	return nil
}
