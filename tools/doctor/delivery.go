package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/internal/config"
)

// stateName is the name that infra/bootstrap gives to the states' bucket and key.
const stateName = "platform-state"

// state finds the bucket and the key of the states.
func (d *doctor) state(ctx context.Context) []finding {
	const bucket, key = "state bucket", "state key"

	var (
		buckets struct{ Buckets []struct{ Name string } }
		keys    struct{ KeyMetadata struct{ KeyState string } }
		found   []finding
	)

	err := d.aws(ctx, &buckets, "s3api", "list-buckets")
	at := slices.IndexFunc(buckets.Buckets, func(b struct{ Name string }) bool {
		return strings.HasPrefix(b.Name, stateName+"-")
	})

	switch {
	case err != nil:
		found = append(found, failed(bucket, err)...)
	case at < 0:
		found = append(found, finding{
			status: missing, subject: bucket, text: "none is named " + stateName + "-…", fix: bootstrap,
		})
	default:
		found = append(found, finding{status: ready, subject: bucket, text: buckets.Buckets[at].Name})
	}

	err = d.aws(ctx, &keys, "kms", "describe-key", "--key-id", "alias/"+stateName)

	switch {
	case is(err, "NotFoundException"):
		found = append(found, finding{
			status: missing, subject: key, text: "there is no alias/" + stateName, fix: bootstrap,
		})
	case err != nil:
		found = append(found, failed(key, err)...)
	case keys.KeyMetadata.KeyState != "Enabled":
		found = append(found, finding{
			status: missing, subject: key, text: "alias/" + stateName + " is " + keys.KeyMetadata.KeyState,
			fix: fmt.Sprintf(
				"aws kms cancel-key-deletion --key-id alias/%[1]s; aws kms enable-key --key-id alias/%[1]s", stateName,
			),
		})
	default:
		found = append(found, finding{status: ready, subject: key, text: "alias/" + stateName})
	}

	return found
}

// images finds whether the registry has the digests that the environment deploys.
func (d *doctor) images(ctx context.Context) []finding {
	var found []finding

	for _, app := range slices.Sorted(maps.Keys(d.settings.Apps)) {
		found = append(found, d.image(ctx, app)...)
	}

	return found
}

// ecrForm matches a repository of Amazon ECR: its account, region and name.
var ecrForm = regexp.MustCompile(`^([0-9]{12})\.dkr\.ecr\.([a-z0-9-]+)\.[^/]+/(.+)$`)

func (d *doctor) image(ctx context.Context, app string) []finding {
	subject := "image of " + app

	file := filepath.Join(d.root, "apps", app, "environments", d.stack+".yaml")

	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return failed(subject, err)
	}

	var release struct {
		Image struct{ Digest string }
	}
	if err := yaml.Unmarshal(text, &release); err != nil {
		return failed(subject, fmt.Errorf("reading %s: %w", file, err))
	}

	registry := cmp.Or(d.settings.Images.Registry, d.place.Registry())

	ecr := ecrForm.FindStringSubmatch(registry + "/" + app)
	if ecr == nil {
		return []finding{{status: unchecked, subject: subject, text: registry + " is no registry of Amazon ECR"}}
	}

	var answer any

	err = d.aws(ctx, &answer, "ecr", "describe-images", "--region", ecr[2], "--registry-id", ecr[1],
		"--repository-name", ecr[3], "--image-ids", "imageDigest="+release.Image.Digest)

	switch {
	case is(err, "RepositoryNotFoundException"):
		return []finding{{
			status: missing, subject: subject, text: "there is no repository " + ecr[0], fix: bootstrap,
		}}
	case is(err, "ImageNotFoundException"):
		return []finding{{
			status: missing, subject: subject, text: registry + " lacks " + release.Image.Digest + " of " + file,
			fix: "make digests STACK=" + d.stack + " REGISTRY=" + registry + " # docs/real-account.md, step 3",
		}}
	case err != nil:
		return failed(subject, err)
	}

	return []finding{{status: ready, subject: subject, text: release.Image.Digest}}
}

// certificate finds whether the certificate of the load balancer can be used for the host.
func (d *doctor) certificate(ctx context.Context) []finding {
	const subject = "platform:ingress.certificateArn"

	arn, host := d.settings.Ingress.CertificateARN, d.settings.Ingress.Host
	if arn == "" {
		return nil
	}

	var answer struct {
		Certificate struct {
			Status                  string
			SubjectAlternativeNames []string
		}
	}

	err := d.aws(ctx, &answer, "acm", "describe-certificate", "--certificate-arn", arn)
	found := finding{status: missing, subject: subject, fix: "aws acm list-certificates --region " + d.settings.Region}

	_, domain, _ := strings.Cut(host, ".")

	switch names := answer.Certificate.SubjectAlternativeNames; {
	case is(err, "ResourceNotFoundException"):
		found.text = "the account has no such certificate in " + d.settings.Region
	case err != nil:
		return failed(subject, err)
	case answer.Certificate.Status != "ISSUED":
		found.text = "the certificate is " + answer.Certificate.Status + ", expected ISSUED"
		found.fix = "aws acm describe-certificate --certificate-arn " + arn
	case !slices.Contains(names, host) && !slices.Contains(names, "*."+domain):
		found.text = fmt.Sprintf("the certificate is for %s, expected %s", strings.Join(names, ", "), host)
	default:
		return []finding{{status: ready, subject: subject, text: "issued, for " + strings.Join(names, ", ")}}
	}

	return []finding{found}
}

// commitForm matches a commit, which only a clone could find.
var commitForm = regexp.MustCompile(`^[0-9a-f]{40}$`)

// repository finds whether Argo CD's repository has the revision.
func (d *doctor) repository(ctx context.Context) []finding {
	const subject = "platform:gitops"

	repository, revision := d.settings.GitOps.Repository, d.settings.GitOps.Revision

	output, err := d.run(ctx, "git", "ls-remote", repository)
	if err != nil {
		if d.settings.GitOps.CredentialsSecret != "" {
			return []finding{{
				status: unchecked, subject: subject + ".repository",
				text: repository + " is private, and your own credentials cannot read it",
			}}
		}

		return []finding{{
			status: missing, subject: subject + ".repository",
			text: fmt.Sprintf("%s cannot be read without credentials: %v", repository, err),
			fix:  config.SetCommand(d.stack, subject+".credentialsSecret", "repository"),
		}}
	}

	for line := range strings.Lines(string(output)) {
		_, ref, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if ref == "refs/heads/"+revision || ref == "refs/tags/"+revision || ref == revision {
			return []finding{{status: ready, subject: subject, text: repository + " has " + revision}}
		}
	}

	if commitForm.MatchString(revision) {
		return []finding{{status: unchecked, subject: subject, text: "only a clone can find the commit " + revision}}
	}

	return []finding{{
		status: missing, subject: subject + ".revision", text: repository + " has no branch or tag " + revision,
		fix: "git push " + repository + " HEAD:refs/heads/" + revision,
	}}
}
