package launcher

// saltKey is where the engine keeps what it made of the passphrase.
const saltKey = "encryptionsalt"

// secretKeys bind a stack file to whoever encrypts its secrets. The rehearsal has a passphrase of its own.
func secretKeys() []string { return []string{saltKey, "secretsprovider", "encryptedkey"} }

// stackFile is the name of a stack's file.
func stackFile(stack string) string { return "Pulumi." + stack + ".yaml" }

// copyStackFile brings the copy of a stack file up to date. The copy keeps the salt that the engine wrote into it.
func copyStackFile(source, target string) error {
	content, err := readYAML(source)
	if err != nil {
		return err
	}

	for _, key := range secretKeys() {
		delete(content, key)
	}

	if former, err := readYAML(target); err == nil && former[saltKey] != nil {
		content[saltKey] = former[saltKey]
	}

	return writeYAML(target, content)
}
