# `make` alone prints the targets. Variables work on either side: STACK=staging make up, make up STACK=staging.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# The stack: an environment, which has a file Pulumi.<stack>.yaml.
STACK  ?= sandbox
# Faults to inject into the rehearsal, such as "fail create aws:ec2/natGateway:NatGateway".
FAULTS ?=
# The command for infra/bootstrap.
DO     ?= up
# The simulated account and principal, such as role/Developer; by default those that the stack file expects.
ACCOUNT ?=
ROLE   ?=
# The name of the stack, repeated to destroy a protected stack.
CONFIRM ?=
# A plan: the output of `pulumi preview --json`. For score: with --show-sames, or that of `pulumi stack export`.
FILE   ?=
# A report whose cost the report compares with, and other assumptions about the cost, such as "logsGB=20 spotShare=0.5".
BASE   ?=
ASSUME ?=
# The name of a recording or of a release.
VERSION ?= $(shell date +%F)
# The Kubernetes provider for e2e: real, or nothing for the simulated one.
KUBERNETES_PROVIDER ?=
# A later Kubernetes minor for e2e, such as 1.36: each environment is upgraded to it before its scenarios.
KUBERNETES_MINOR ?=
# The time for each fuzz target.
FUZZTIME ?= 30s
# The registry for images, such as 123456789012.dkr.ecr.us-east-1.amazonaws.com/platform.
REGISTRY ?=
# The service to promote.
APP   ?=
# The name of a new service or environment; the service's store: mysql, redis or none; the environment to copy.
NAME  ?=
NEEDS ?=
LIKE  ?=
export STACK FAULTS CONFIRM FILE BASE ASSUME ACCOUNT ROLE KUBERNETES_PROVIDER KUBERNETES_MINOR

BIN      := .rehearsal/bin
# Every module but those that only pin a tool. Kubernetes and Karpenter are compiled only for make e2e, which tests
# tools/cluster and tools/karpenter.
MODULES  := $(filter-out tools/pins/%,$(patsubst %/,%,$(dir $(wildcard go.mod $(patsubst %,%/go.mod,* */* */*/*)))))
SERVICES := $(filter apps/chassis% apps/%/service,$(MODULES))
TESTED   := $(filter-out e2e tools/cluster tools/karpenter,$(MODULES))

# Another version of Go would compile other images from the same sources.
IMAGES_GO := $(shell awk '$$1 == "toolchain" { print $$2 }' tools/images/go.mod)

# The version is pinned by the module that the CLI is built from.
PULUMI_VERSION := $(shell awk '$$1 == "github.com/pulumi/pulumi/pkg/v3" { print $$2 }' tools/pins/pulumi/go.mod)
# The Pulumi CLI: one on the PATH that is new enough, or, if PULUMI is empty, the one that is built here.
ifeq ($(origin PULUMI),undefined)
PULUMI := $(shell tools/installed-pulumi.sh $(PULUMI_VERSION))
endif
export PULUMI
PULUMI_SOURCES := $(CURDIR)/$(BIN)/sources
PULUMI_STAMP   := -s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=$(PULUMI_VERSION)
# Without inlining and DWARF, packages compile in two thirds of the time, and a preview takes no longer. The program and
# the rehearsal share all other packages of the CLI, in the same versions: these are compiled once, as usual.
PULUMI_QUICKLY := $(foreach packages,pulumi/pulumi/pkg pgavlin/goldmark,-gcflags 'github.com/$(packages)/...=-l -dwarf=false')

# The minors in tools/cluster: the one of go.mod, which the environments have, and those to test upgrades to.
KUBERNETES_MINORS := $(patsubst tools/cluster/%.mod,%,$(filter-out %/go.mod,$(wildcard tools/cluster/*.mod)))
ifneq ($(filter-out $(KUBERNETES_MINORS),$(KUBERNETES_MINOR)),)
$(error KUBERNETES_MINOR is $(KUBERNETES_MINOR), expected one of: $(KUBERNETES_MINORS))
endif
kubernetes_version = $(shell awk '$$1 == "k8s.io/kubernetes" { print $$2 }' tools/cluster/$(1).mod)
kubernetes_stamp   = -s -w $(foreach part,gitVersion=$(1) \
	gitMajor=$(word 1,$(subst ., ,$(1:v%=%))) gitMinor=$(word 2,$(subst ., ,$(1))),\
	-X k8s.io/component-base/version.$(part))

# The real Kubernetes provider reports the version of the program's SDK.
PROVIDER_SOURCES := $(CURDIR)/$(BIN)/provider-sources
PROVIDER_QUICKLY := github.com/pulumi/...=-l -dwarf=false
PROVIDER_STAMP   := -s -w -X main.version=$(patsubst v%,%,\
	$(shell awk '$$1 == "github.com/pulumi/pulumi-kubernetes/sdk/v4" { print $$2 }' go.mod))

##@ Rehearsal: the real engine and a simulated account, without credentials

.PHONY: up preview refresh destroy shell report check score round environment
up: rehearsal ## Deploy STACK
preview: rehearsal ## Show what `up` would change
refresh: rehearsal ## Update the state from the account
destroy: rehearsal ## Delete all resources of STACK; CONFIRM=<stack> removes its protection
shell: rehearsal ## Open a shell in which `pulumi` uses the rehearsal
up preview refresh destroy shell:
	@$(BIN)/rehearsal $@

report: ## Print the path of the last report of STACK, and open it where there is a desktop
	@tools/report.sh '$(STACK)'

check: | $(BIN)/checked ## Fail if a plan would lose data: FILE is the output of `pulumi preview --json`
	@FILE='$(abspath $(FILE))' go -C rehearsal run ./plan/check

score: | $(BIN)/checked ## Check all controls on FILE: `pulumi stack export` or `pulumi preview --json --show-sames`
	@FILE='$(abspath $(FILE))' go -C rehearsal run ./score

round: ## Deploy STACK, fail if a second preview shows changes, and destroy it
	@$(MAKE) --no-print-directory up
	@echo 'pulumi preview --expect-no-changes' | $(MAKE) --no-print-directory shell
	@$(MAKE) --no-print-directory destroy CONFIRM='$(STACK)'

environment: | $(BIN)/checked ## Create an environment: NAME=production LIKE=staging
	@go run ./tools/environment -name '$(NAME)' -like '$(LIKE)'
	@$(MAKE) --no-print-directory derived

.PHONY: bootstrap doctor
doctor: | $(BIN)/checked ## Print what STACK needs of a real account and does not have; needs AWS credentials, only reads
	@go run ./tools/doctor '$(STACK)'

bootstrap: rehearsal ## Run DO (up, preview, refresh or destroy) for infra/bootstrap, which prepares an account
	@REHEARSAL_PROJECT=infra/bootstrap REHEARSAL_FOLDER=.rehearsal/bootstrap REHEARSAL_MAKE='make bootstrap DO=' \
		STACK=account $(BIN)/rehearsal '$(DO)'

##@ Services, on this machine

.PHONY: dev images digests delivered service
dev: | $(BIN)/checked ## Run all services behind http://127.0.0.1:9080 with stores in memory; PORT is another port
	@tools/build.sh "the launcher of the services" apps/dev -o "$(CURDIR)/$(BIN)/dev" .
	@exec $(BIN)/dev apps .rehearsal/dev

images: | $(BIN)/checked ## Build the services' images and print their digests; REGISTRY=host/path pushes them
	@GOTOOLCHAIN=$(IMAGES_GO) tools/build.sh "the image builder" tools/images -o "$(CURDIR)/$(BIN)/images" .
	@$(BIN)/images -registry '$(REGISTRY)'

digests: ## Build the images, push them if REGISTRY is set, and write their digests for STACK: then commit
	@lines=$$($(MAKE) --no-print-directory images) && printf '%s\n' "$$lines" | tools/digests.sh '$(STACK)'

delivered: ## Fail if the sandbox deploys images other than those of these sources
	@tools/delivered.sh

service: | $(BIN)/checked ## Create a service: NAME=baggage NEEDS=mysql, redis or none
	@go run ./tools/service -name '$(NAME)' -needs '$(NEEDS)'
	@$(MAKE) --no-print-directory derived
	@cd apps/charttest && go test -count=1 -v -run 'TestC7|TestEveryRollout' . || printf '%s\n' \
		'The nodes have no room for $(NAME) during a release, so `make test` fails. In Pulumi.<stack>.yaml of that' \
		'environment, raise maxVcpus and maxMemoryGiB of a pool under platform:cluster.autoscaling, or without pools min and' \
		'max under platform:cluster.nodes: see "A new service" in docs/operations.md.' >&2

##@ Releases: the sandbox follows main, staging follows releases

.PHONY: promote release
promote: ## Commit the sandbox's image of APP for staging
	@tools/promote.sh '$(APP)'

release: ## Tag this commit as VERSION, such as v1.2.3, with notes: staging deploys it after approval
	@tools/release.sh '$(VERSION)'

##@ Checks

.PHONY: test scenarios builds e2e fuzz lint addons node-release golden derived record generate screenshots bench scale ci
test: $(BIN)/gotestsum $(BIN)/axe/installed ## Test every module; scenarios, builds and e2e are separate targets
	@tools/test.sh $(TESTED)

scenarios: rehearsal $(BIN)/gotestsum ## Test the program on the real engine: updates, failures, kills, upgrades
	@PACKAGES=./scenarios TESTFLAGS='-timeout 30m' tools/test.sh rehearsal

builds: rehearsal $(BIN)/gotestsum ## Test what compiles: images for both platforms, a new service of each kind; and doctor
	@TESTFLAGS= tools/test.sh tools/images
	@PACKAGES='./tools/aws ./tools/doctor ./tools/environment ./tools/service' TESTFLAGS='-timeout 30m' tools/test.sh .

# The tests run without a network, so everything is built and downloaded first. With Go's default, the processes spend a
# fifth of their time on collecting garbage.
e2e: rehearsal cluster $(if $(KUBERNETES_PROVIDER),$(BIN)/kubernetes-provider) $(BIN)/gotestsum ## Test both environments on a real API server with a real Argo CD
	@TESTFLAGS='-p 1 $(if $(KUBERNETES_MINOR),-modfile=$(KUBERNETES_MINOR).mod)' tools/test.sh tools/cluster
	@TESTFLAGS='-p 1' tools/test.sh tools/karpenter
	@go -C apps/reservations/service mod download
	@go build -o $(BIN)/e2e.program ./infra
	@go -C e2e test -c -o "$(CURDIR)/$(BIN)/e2e.test" .
	@cd e2e && GOGC=400 GOMEMLIMIT=2GiB ../tools/isolated.sh ../$(BIN)/e2e.test -test.v -test.parallel 3 -test.timeout 15m

fuzz: ## Run every fuzz target of the services for FUZZTIME
	@for module in $(SERVICES); do tools/fuzz.sh $$module $(FUZZTIME) || exit 1; done

lint: $(BIN)/golangci-lint ## Lint every module
	@for module in $(MODULES); do \
		echo "linting $$module" && \
		(cd $$module && "$(CURDIR)/$(BIN)/golangci-lint" run --config "$(CURDIR)/.golangci.yml" ./...) || exit 1; \
	done
	@for module in $(MODULES) $(wildcard tools/pins/*/go.mod); do \
		(cd $${module%/go.mod} && go mod tidy -diff) || exit 1; \
	done
	@for minor in $(KUBERNETES_MINORS); do (cd tools/cluster && go mod tidy -diff -modfile $$minor.mod) || exit 1; done

node-release: ## Set the newest release of node images for STACK; needs AWS credentials
	@STACK=$(STACK) tools/node-release.sh

addons: ## Pin the current default versions of EKS add-ons; needs AWS credentials
	@tools/addons.sh

# The goldens of environments that no longer exist must go.
golden: ## Update the golden graphs, chart values and rendered charts: read the difference before you commit
	@rm -f stacks/testdata/*.json apps/*/chart/ci/*.yaml apps/charttest/testdata/*.yaml
	go test ./stacks -run 'TestTheGraphOf|TestTheValuesOfEachChart' -update
	go test ./infra/bootstrap/account -run TestTheGraphOf -update
	cd apps/charttest && go test . -run TestTheManifests -update

# What is derived from the environments and services.
derived: golden
	@go run ./tools/docs
	@go run ./tools/quotas
	@cd rehearsal && go generate ./scorecard ./report/page ./scale

record: rehearsal ## Record each deployed environment and the charts as VERSION: later versions must upgrade them
	cd rehearsal && go test -count=1 ./scenarios -run TestRecordEachEnvironment -record '$(VERSION)'
	tools/record.sh

generate: ## Update generated code and documents
	for module in $(SERVICES); do (cd $$module && go generate ./...) || exit 1; done
	cd rehearsal && go generate ./...
	cd apps/charttest && go test . -run TestTheSchemas -update
	go run ./tools/docs
	go run ./tools/quotas
	go run ./tools/aws

screenshots: ## Update the screenshots in docs/images; needs chromium
	@mkdir -p docs/images
	@cd rehearsal && CI=true go test -count=1 ./report/browser -run TestTheScreenshots -screenshots

bench: rehearsal ## Measure builds, runs and services
	@cd rehearsal && go test -run '^$$' -bench 'Up|Preview' -benchtime 5x ./bench
	@cd rehearsal && go test -run '^$$' -bench ColdBuild -benchtime 1x -timeout 1h ./bench
	@for module in $(wildcard apps/*/service); do (cd $$module && go test -run '^$$' -bench . ./api ./contract) || exit 1; done

scale: rehearsal ## Measure the sandbox with 2, 20 and 200 services, and write docs/scale.md
	@cd rehearsal && go run ./scale -measure

ci: export CI := true
ci: lint delivered test scenarios builds e2e fuzz ## Run everything that a pull request must pass
	@before=$$(git status --porcelain); for stack in $$(tools/environments.sh); do \
		$(MAKE) --no-print-directory round STACK=$$stack || exit 1; \
	done; \
	if [ "$$(git status --porcelain)" != "$$before" ]; then \
		echo "a target changed files in the checkout, expected none to change:" >&2; git status --short >&2; exit 1; \
	fi

##@ Tools, built once from the modules in tools/pins

.PHONY: rehearsal prerequisites clean
rehearsal: $(BIN)/rehearsal ## Build the tools of the rehearsal
rehearsal: $(if $(PULUMI),,$(BIN)/pulumi) $(BIN)/sdk $(BIN)/components/installed
	@:

# Folders too: one changes when a file in it is deleted. Asking `go build` would take half a second of each preview.
$(BIN)/rehearsal: $(shell find rehearsal/.) | $(BIN)/checked
	@tools/build.sh "the rehearsal" rehearsal -ldflags -w -o "$(CURDIR)/$(BIN)/" . ./pulumi-language-go
	@touch $@

prerequisites: ## Check the versions of Go, Node.js, npm, make, bash and git
	@tools/prerequisites.sh

# The prerequisites are checked only once.
$(BIN)/checked: tools/prerequisites.sh
	@tools/prerequisites.sh
	@mkdir -p $(BIN) && touch $@

$(BIN)/pulumi: tools/pins/pulumi/go.mod tools/pins/pulumi/go.sum tools/pulumi.sh | $(BIN)/checked
	@tools/pulumi.sh '$(PULUMI_SOURCES)'
	@tools/build.sh "the Pulumi CLI $(PULUMI_VERSION)" tools/pins/pulumi -modfile '$(PULUMI_SOURCES)/go.mod' \
		$(PULUMI_QUICKLY) -ldflags '$(PULUMI_STAMP)' -o "$(CURDIR)/$@" \
		github.com/pulumi/pulumi/pkg/v3/cmd/pulumi
	@rm -rf '$(PULUMI_SOURCES)'

# The AWS SDK takes minutes to compile, the program itself seconds.
$(BIN)/sdk: go.mod go.sum | $(BIN)/checked
	@tools/build.sh "the AWS SDK" . ./stacks
	@touch $@

# Components written in TypeScript, which the engine runs with node. No package may run a script during installation.
$(BIN)/components/installed: tools/pins/plugins/package.json tools/pins/plugins/package-lock.json | $(BIN)/checked
	@echo "Installing the component plugins from npm: 200 MB, half a minute"
	@mkdir -p $(@D) && cp $^ $(@D)
	@cd $(@D) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# The accessibility checks of the report's page.
$(BIN)/axe/installed: tools/pins/axe/package.json tools/pins/axe/package-lock.json | $(BIN)/checked
	@mkdir -p $(@D) && cp $^ $(@D)
	@cd $(@D) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# A real control plane with kubectl, and a real Argo CD with Helm.
.PHONY: cluster
cluster: $(BIN)/argocd $(BIN)/karpenter-crd/copied
	@rm -rf $(BIN)/charts && mkdir -p $(BIN)/charts && cp components/autoscaling/testdata/*.keys components/gitops/testdata/*.keys components/ingress/testdata/*.keys $(BIN)/charts
	@tools/build.sh "Karpenter" tools/karpenter -ldflags '-s -w' -o "$(CURDIR)/$(BIN)/karpenter-controllers" .
	@tools/build.sh "Kubernetes $(call kubernetes_version,go)" tools/cluster \
		-ldflags '$(call kubernetes_stamp,$(call kubernetes_version,go))' \
		-o "$(CURDIR)/$(BIN)/" . k8s.io/kubernetes/cmd/kubectl
	@$(if $(KUBERNETES_MINOR),tools/build.sh "Kubernetes $(call kubernetes_version,$(KUBERNETES_MINOR))" tools/cluster \
		-modfile $(KUBERNETES_MINOR).mod -ldflags '$(call kubernetes_stamp,$(call kubernetes_version,$(KUBERNETES_MINOR)))' \
		-o "$(CURDIR)/$(BIN)/cluster-$(KUBERNETES_MINOR)" .)

$(BIN)/argocd: tools/pins/argocd/go.mod tools/pins/argocd/go.sum | $(BIN)/checked
	@tools/build.sh "Helm" tools/pins/argocd -ldflags '-s -w' -o "$(CURDIR)/$(BIN)/helm" helm.sh/helm/v3/cmd/helm
	@go -C tools/pins/argocd mod download github.com/argoproj/argo-cd/v3
	@mkdir -p $(BIN)/argo-cd && manifests=$$(go -C tools/pins/argocd list -m -f '{{.Dir}}' github.com/argoproj/argo-cd/v3)/manifests && \
		cp "$$manifests/install.yaml" $(BIN)/argo-cd/install.yaml && cp "$$manifests/ha/install.yaml" $(BIN)/argo-cd/ha-install.yaml && \
		chmod u+w $(BIN)/argo-cd/*
	@tools/build.sh "Argo CD" tools/pins/argocd -ldflags '-s -w' -o "$(CURDIR)/$@" github.com/argoproj/argo-cd/v3/cmd

# The kinds of Karpenter's objects, which its chart karpenter-crd installs.
$(BIN)/karpenter-crd/copied: tools/karpenter/go.mod | $(BIN)/checked
	@go -C tools/karpenter mod download github.com/aws/karpenter-provider-aws
	@rm -rf $(@D) && mkdir -p $(@D)/templates && \
		cp "$$(go -C tools/karpenter list -m -f '{{.Dir}}' github.com/aws/karpenter-provider-aws)"/pkg/apis/crds/karpenter*.yaml $(@D)/templates && \
		chmod u+w $(@D)/templates/*
	@touch $@

# Not part of `make ci`: see docs/decisions/0026.
$(BIN)/kubernetes-provider: tools/pins/kubernetes/go.mod tools/pins/kubernetes/go.sum tools/pins/kubernetes/main.go tools/provider.sh | $(BIN)/checked
	@tools/provider.sh '$(PROVIDER_SOURCES)'
	@tools/build.sh "the real Kubernetes provider" tools/pins/kubernetes -modfile '$(PROVIDER_SOURCES)/go.mod' \
		-gcflags '$(PROVIDER_QUICKLY)' -ldflags '$(PROVIDER_STAMP)' -o "$(CURDIR)/$@" .
	@rm -rf '$(PROVIDER_SOURCES)'

$(BIN)/golangci-lint: tools/pins/lint/go.mod tools/pins/lint/go.sum | $(BIN)/checked
	@tools/build.sh "golangci-lint" tools/pins/lint -ldflags '-s -w' \
		-o "$(CURDIR)/$@" github.com/golangci/golangci-lint/v2/cmd/golangci-lint

$(BIN)/gotestsum: tools/pins/test/go.mod tools/pins/test/go.sum | $(BIN)/checked
	@tools/build.sh "gotestsum" tools/pins/test -ldflags '-s -w' -o "$(CURDIR)/$@" gotest.tools/gotestsum

clean: ## Delete the rehearsal: its account, states, tools and reports
	rm -rf .rehearsal out

.PHONY: help
help: ## Print this
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z0-9]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\nVariables: STACK (%s), FAULTS, CONFIRM, ACCOUNT, ROLE, FILE, BASE, ASSUME, VERSION, FUZZTIME, PORT, KUBERNETES_PROVIDER, KUBERNETES_MINOR, REGISTRY, APP, NAME, NEEDS, LIKE, DO, PULUMI.\n' "$(STACK)"
