# All tasks of the project. `make` without a target lists them.
SHELL := bash
.DEFAULT_GOAL := help
# All targets run the Node in node_modules, because the machine's own may be older.
NODE := node_modules/.bin/node
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
# Half of the start of a Node program is compilation, which a cache saves.
export NODE_COMPILE_CACHE := $(CURDIR)/node_modules/.cache/compiled

.PHONY: help
help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-22s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The stamp is newer than the lockfile exactly when the installed packages match the lockfile. `npm ci` deletes
# node_modules under programs that run from it in another terminal, so only the first installation uses it.
node_modules/.installed: package-lock.json
	@echo "Installing the packages of package-lock.json. This takes a minute or two the first time."
	@if [[ -d node_modules ]]; then npm install --no-save --no-progress --loglevel=error; else npm ci --no-progress --loglevel=error; fi
	@touch $@

.PHONY: setup
setup: node_modules/.installed ## Install what the tests need: packages and Chromium
	@.ci/chromium

.PHONY: dev
dev: node_modules/.installed ## Start the edge, the page with hot reload and a runner on http://mainloop.localhost:3000
	@exec $(NODE) scripts/dev.ts

.PHONY: demo
demo: node_modules/.installed ## Watch the whole loop with no account: a scripted model and a fake GitHub
	@exec $(NODE) scripts/demo.ts

.PHONY: check
check: node_modules/.installed ## Run what belongs before every commit: lint, types, unit tests, build size
	@exec $(NODE) scripts/test.ts --unit

.PHONY: sbom
sbom: node_modules/.installed ## Write what mainloop is made of to dist/sbom.json (CycloneDX)
	@mkdir -p dist && npm sbom --sbom-format=cyclonedx --omit=dev > dist/sbom.json && echo "dist/sbom.json"

.PHONY: test
test: ## Run everything CI runs
	@.ci/chromium
	@.ci/cluster-ahead & $(MAKE) --no-print-directory setup && exec $(NODE) scripts/test.ts

.PHONY: test-all
test-all: ## Run `make test` with all specs on workerd, then the suites on an overloaded machine
	@.ci/chromium
	@.ci/cluster-ahead & $(MAKE) --no-print-directory setup && exec $(NODE) scripts/test.ts --all

.PHONY: stress
stress: setup ## Run the unit and system suites beside two busy loops per core (TIMES=3 repeats them)
	@exec $(NODE) scripts/stress.ts $(if $(TIMES),--times $(TIMES))

IMAGE ?= mainloop:dev
.PHONY: image
image: ## Build the one image of runner and worker (IMAGE=name:tag)
	@command -v docker > /dev/null || { echo "This needs docker (with BuildKit), which is not installed: https://docs.docker.com/engine/install"; exit 1; }
	docker build --file runner/Dockerfile --tag $(IMAGE) .

EDGE_IMAGE ?= mainloop-edge:dev
.PHONY: images
images: node_modules/.installed image ## Build that image and the one of the self-hosted edge (EDGE_IMAGE=name:tag)
	npm run --silent build
	$(NODE) scripts/build-edge-image.ts
	docker build --file selfhost/Dockerfile --tag $(EDGE_IMAGE) dist/edge-image

.PHONY: deploy
deploy: node_modules/.installed ## Deploy the edge and the page to Cloudflare, and make its secrets once (DRY_RUN=1 uploads nothing)
	@exec $(NODE) scripts/deploy.ts $(if $(DRY_RUN),--dry-run)

.PHONY: deploy-frontend
deploy-frontend: node_modules/.installed ## Deploy the edge and the page again, with the secrets it has (DRY_RUN=1 uploads nothing)
	@exec $(NODE) scripts/deploy.ts --frontend $(if $(DRY_RUN),--dry-run)

.PHONY: person
person: node_modules/.installed ## Print the setup link of your first device, or of another person's (NAME=bob)
	@exec $(NODE) scripts/setup-link.ts $(if $(NAME),'$(NAME)')

.PHONY: deploy-loop
deploy-loop: node_modules/.installed ## Apply the runner to the cluster kubectl points at (OVERLAY=k8s/overlays/...)
	@exec $(NODE) scripts/deploy-loop.ts

.PHONY: setup-claude-creds
setup-claude-creds: node_modules/.installed ## Let workers use your Claude subscription: its token goes into .env
	@exec $(NODE) scripts/setup-claude-creds.ts

.PHONY: setup-claude-creds-k8s
setup-claude-creds-k8s: node_modules/.installed ## Put that token into 1Password, from where the cluster gets it
	@exec $(NODE) scripts/setup-claude-creds-k8s.ts
