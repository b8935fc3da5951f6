import { IsString, MaxLength } from 'class-validator';
import { Agent, Tool } from 'rookery';
import { Library, type Passage } from './library.js';

class SearchInput {
  @IsString()
  @MaxLength(300)
  question!: string;
}

@Agent({
  role: 'librarian',
  description: 'Answers from the documents of the library, and names them.',
  instructions: 'Search before you answer. Use only what you find, and name its source. Say so if you find nothing.',
})
export class LibrarianAgent {
  constructor(private readonly library: Library) {}

  @Tool({ description: 'Finds passages of the documents', idempotent: true })
  search({ question }: SearchInput): readonly Passage[] | string {
    const passages = this.library.search(question);
    return passages.length === 0 ? 'Nothing was found.' : passages;
  }
}
