package launcher

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/aws"
)

var (
	accountForm   = regexp.MustCompile(`^[0-9]{12}$`)
	principalForm = regexp.MustCompile(`^(role|user)/([\w+=,.@-]+/)*[\w+=,.@-]+$`)
	// arnForm matches an ARN with an account, and captures the account and the resource.
	arnForm = regexp.MustCompile(`^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:([0-9]{12}):(.+)$`)
)

// identify returns the principal that the rehearsal's credentials belong to: that of the options, or the one that the
// stack's settings expect. The account is the first one that the settings allow, or the account of the certificate, of
// an admin or of another ARN in them; the principal is the first admin in that account.
func identify(options Options, settings map[string]any) (aws.Identity, error) {
	assumed := aws.DefaultIdentity()
	named, admins := accountsOf(settings), texts(settings, "platform:cluster", "admins")

	found := aws.Identity{Account: cmp.Or(append([]string{options.Account}, append(named, assumed.Account)...)...)}

	principals := []string{options.Role}

	for _, admin := range admins {
		switch parts := arnForm.FindStringSubmatch(admin); {
		case parts == nil:
			principals = append(principals, admin)
		case parts[1] == found.Account:
			principals = append(principals, parts[2])
		}
	}

	found.Principal = cmp.Or(append(principals, assumed.Principal)...)

	if !accountForm.MatchString(found.Account) {
		return found, fmt.Errorf("ACCOUNT is %q, expected the id of an account, 12 digits", found.Account)
	}

	if options.Role != "" && !principalForm.MatchString(options.Role) {
		return found, fmt.Errorf("ROLE is %q, expected role/<name> or user/<name>", options.Role)
	}

	if !principalForm.MatchString(found.Principal) { // the program refuses such an admin
		found.Principal = assumed.Principal
	}

	return found, nil
}

// accountsOf returns the accounts that the settings name, the most decisive first: AWS refuses a certificate of another
// account, but an admin may be of any.
func accountsOf(settings map[string]any) []string {
	found := slices.DeleteFunc(texts(settings, "aws:allowedAccountIds"), func(id string) bool {
		return !accountForm.MatchString(id)
	})
	certificate := texts(settings, "platform:ingress", "certificateArn")

	if owners := ownersOf(certificate); len(owners) > 0 && (len(found) == 0 || slices.Contains(found, owners[0])) {
		found = append(owners, found...)
	}

	found = append(found, ownersOf(texts(settings, "platform:cluster", "admins"))...)

	return append(found, ownersOf(texts(settings))...)
}

// ownersOf returns the accounts in the ARNs, and skips every other string.
func ownersOf(arns []string) []string {
	var owners []string

	for _, arn := range arns {
		if parts := arnForm.FindStringSubmatch(arn); parts != nil {
			owners = append(owners, parts[1])
		}
	}

	return owners
}

// texts returns the strings and numbers in the part of the settings that the keys lead to, in the order of their keys.
func texts(value any, keys ...string) []string {
	var found []string

	switch value := member(value, keys...).(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			found = append(found, texts(value[key])...)
		}
	case []any:
		for _, element := range value {
			found = append(found, texts(element)...)
		}
	case nil:
	default:
		found = append(found, fmt.Sprint(value))
	}

	return found
}

// member returns the part of the settings that the keys lead to, or nil.
func member(value any, keys ...string) any {
	for _, key := range keys {
		object, _ := value.(map[string]any)
		value = object[key]
	}

	return value
}

// settings returns the settings in the stack's file.
func (s *Session) settings() (map[string]any, error) {
	file := cmp.Or(s.options.StackFile, filepath.Join(s.options.Folders.Project, stackFile(s.options.Stack)))

	content, err := readYAML(file)
	if err != nil {
		return nil, err
	}

	settings, _ := content["config"].(map[string]any)

	return settings, nil
}

// introduce prints what the rehearsal simulates.
func (s *Session) introduce(settings map[string]any) {
	region := strings.Join(texts(settings, "aws:region"), "")

	zones := ""
	if region != "" && !aws.KnowsZones(region) {
		zones = " (its zones are not recorded, so every letter is accepted)"
	}

	s.printf("Rehearsing %s in account %s as %s, in %s%s.", s.options.Stack, s.identity.Account, s.identity.Principal,
		cmp.Or(region, "no region"), zones)
}

// checkAccount fails if the stack is deployed in another simulated account. The engine would not find its resources.
func (s *Session) checkAccount() error {
	files, err := filepath.Glob(s.options.Folders.account("*"))
	if err != nil {
		return fmt.Errorf("listing the simulated accounts: %w", err)
	}

	for _, file := range files {
		if file == s.options.Folders.account(s.identity.Account) {
			continue
		}

		other, err := account.Open(file)
		if err != nil {
			return fmt.Errorf("opening another simulated account: %w", err)
		}

		if len(other.Find(func(r account.Resource) bool { return stackOf(r) == s.options.Stack && !r.Kept })) > 0 {
			id := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))

			return fmt.Errorf("%s is deployed in the simulated account %s, expected account %s or none: destroy it there with "+
				"`%s ACCOUNT=%s`, or delete %s to forget every rehearsal", s.options.Stack, id, s.identity.Account,
				s.options.command("destroy"), id, s.options.Folders.Base)
		}
	}

	return nil
}
